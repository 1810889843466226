using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Web.Desk;

/// <summary>An entry as the desk lists it: who recorded what, when, through which door.</summary>
public sealed record DeskEntry
{
    public required long Position { get; init; }
    public required Instant RecordedAt { get; init; }
    public string? Analyst { get; init; }
    public Door? Door { get; init; }
    public required string Slug { get; init; }

    /// <summary>What the milestone is called.</summary>
    public required string Called { get; init; }

    /// <summary>What sort of thing it was, in a plain word or two.</summary>
    public required string KindWord { get; init; }
    public required string Sentence { get; init; }
    public string? Note { get; init; }
    public string? Source { get; init; }

    /// <summary>Whether a later entry took it back.</summary>
    public bool Retracted { get; init; }

    /// <summary>Whether it may be taken back.</summary>
    public bool CanBeRetracted { get; init; }

    public string DoorInWords() =>
        Door switch
        {
            null => "before doors were kept",
            Record.Door.Check => "the clock",
            Record.Door.Import => "import",
            Record.Door.Cli => "command line",
            Record.Door.Desk => "desk",
            Record.Door.Nudge => "nudge mail",
            Record.Door.Api => "API",
            _ => throw new InvalidOperationException($"a door of {Door}"),
        };
}
