using NodaTime;

namespace MilestoneWatch.Domain.Milestones;

/// <summary>A milestone as it was known at a position, with the words that its state points to.</summary>
public sealed record Milestone
{
    public required long Id { get; init; }
    public required string Slug { get; init; }
    public required MilestoneKind Kind { get; init; }
    public required long SubjectId { get; init; }
    public required string SubjectSlug { get; init; }
    public required string SubjectName { get; init; }
    public required DateTimeZone Zone { get; init; }
    public required Definition Definition { get; init; }
    public required MilestoneState State { get; init; }

    /// <summary>When its last entry was recorded.</summary>
    public required Instant ChangedAt { get; init; }

    /// <summary>When the present window was recorded; null without one.</summary>
    public Instant? WindowRecordedAt { get; init; }

    /// <summary>When the last entry of substance was recorded.</summary>
    public required Instant SubstanceAt { get; init; }

    /// <summary>The present window's words as printed; null without a window.</summary>
    public string? Phrase { get; init; }

    /// <summary>What the clock has to say of it, earliest first.</summary>
    public IReadOnlyList<Checks.Occasion> Occasions() =>
        Checks.Occasions.Of(State, Definition, Zone, WindowRecordedAt ?? ChangedAt, SubstanceAt);

    /// <summary>Whether its window has closed with nothing on record that settles it, as of <paramref name="now"/>.</summary>
    public bool NeedsAttention(Instant now) => Checks.Occasions.NeedsAttention(State, Zone, now);
}
