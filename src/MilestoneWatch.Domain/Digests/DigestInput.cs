using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Domain.Digests;

/// <summary>Everything that a digest is written from.</summary>
public sealed record DigestInput
{
    public Language Language { get; init; } = Language.English;

    /// <summary>An alert (one change, at once) or a periodic digest.</summary>
    public required bool Immediate { get; init; }
    public required Instant Now { get; init; }

    /// <summary>The zone in which the mail's days are named.</summary>
    public required DateTimeZone Zone { get; init; }

    /// <summary>The day of the reader's previous mail; null for the first.</summary>
    public LocalDate? PreviousMail { get; init; }

    /// <summary>In the watchlist's order; empty only for a welcome and for "nothing changed".</summary>
    public required IReadOnlyList<MilestoneDelta> Changed { get; init; }

    /// <summary>All milestones that the reader follows, in the watchlist's order, with history where the window has passed.</summary>
    public required IReadOnlyList<MilestoneDelta> Followed { get; init; }

    /// <summary>Questions that bear on each milestone, by slug.</summary>
    public required ILookup<string, Milestone> BearsOn { get; init; }

    /// <summary>The names of those who recorded entries.</summary>
    public required IReadOnlyDictionary<Guid, string> Names { get; init; }

    /// <summary>The day of the mail that told a position, where one did.</summary>
    public required Func<long, LocalDate?> ToldOn { get; init; }

    /// <summary>When the newest fact was recorded; null without any.</summary>
    public Instant? NewestFact { get; init; }

    internal string NameOf(Guid? actor) =>
        actor is { } id && Names.TryGetValue(id, out var name) ? name : Language.Say("digest.an_analyst");
}
