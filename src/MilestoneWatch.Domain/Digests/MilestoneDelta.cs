using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Domain.Digests;

/// <summary>The net change of one milestone between two positions: what a reader at the first does not know yet, and nothing that was undone.</summary>
public sealed record MilestoneDelta
{
    public required Milestone Milestone { get; init; }

    /// <summary>The whole history up to the later position, oldest first.</summary>
    public required IReadOnlyList<Entry> History { get; init; }

    /// <summary>The wording at the earlier position; null when the milestone is new, or the wording was redacted.</summary>
    public Definition? WordingBefore { get; init; }

    /// <summary>The state at the earlier position; null when the milestone is new.</summary>
    public MilestoneState? Before { get; init; }

    /// <summary>Entries that the reader was told and that a later one retracted.</summary>
    public IReadOnlyList<(Entry Told, Entry Retraction)> Corrections { get; init; } = [];

    /// <summary>The entry that set the new status, if it differs.</summary>
    public Entry? StatusChange { get; init; }

    /// <summary>The entry that set the new window, if it differs.</summary>
    public Entry? Move { get; init; }

    /// <summary>The promise that it moved from, as the reader knew it; where that one was an error of ours, the one before it. Null where no date was promised, or its words were redacted.</summary>
    public Entry? MovedFrom { get; init; }

    /// <summary>What the clock said last and still holds.</summary>
    public IReadOnlyList<Entry> Clock { get; init; } = [];

    /// <summary>Everything else told in between that still holds: readings, progress, evidence, new wording.</summary>
    public IReadOnlyList<Entry> Others { get; init; } = [];

    /// <summary>The entries that it tells, of whatever sort. A new milestone is told by its wording, its promise and its status.</summary>
    public IEnumerable<Entry> News =>
        new[] { StatusChange, Move }
            .OfType<Entry>()
            .Concat(Clock)
            .Concat(Others)
            .Concat(Before is null ? History.Where(IsSetting) : [])
            .DistinctBy(entry => entry.Position);

    private bool IsSetting(Entry entry) =>
        entry.Position == Milestone.State.DefinitionPosition
        || entry.Position == Milestone.State.WindowPosition
        || entry.Position == Milestone.State.StatusPosition;

    /// <summary>
    /// Whether the mail has to say how it stands now: after a correction, and where withdrawing entries that were never told changed what the
    /// reader knows, so that no entry tells the difference.
    /// </summary>
    public bool IsRestated =>
        Before is { } before
        && Milestone.State is var after
        && (
            Corrections.Count > 0
            || (before.Status != after.Status && StatusChange is null)
            || (before.Window != after.Window && Move is null)
            || (before.Progress != after.Progress && !Others.Any(entry => entry.Position == after.ProgressPosition))
            || (
                WordingBefore is { } wording
                && !Definitions.SayTheSame(wording, Milestone.Definition)
                && !Others.Any(entry => entry.Position == after.DefinitionPosition)
            )
        );

    public bool IsEmpty =>
        Before is not null && !IsRestated && StatusChange is null && Move is null && Clock.Count == 0 && Others.Count == 0;

    /// <summary>What ranks it in a mail.</summary>
    public Weight Weight =>
        Corrections.Count > 0 ? Weight.Correction
        : StatusChange is not null && Milestone.State.Status.IsFinal() ? Weight.Settled
        : Move is not null && Before?.Window is not null ? Weight.Moved
        : Clock.Any(entry => entry.Kind == EntryKind.WindowClosed) ? Weight.Closed
        : Clock.Any(entry => entry.Kind == EntryKind.TargetReached) ? Weight.TargetReached
        : Clock.Any(entry => entry.Kind == EntryKind.MayBeDue) ? Weight.MayBeDue
        : Clock.Any(entry => entry.Kind != EntryKind.GoneQuiet) ? Weight.ComingUp
        : Clock.Count > 0 && Before is not null && StatusChange is null && Move is null && Others.Count == 0 ? Weight.Quiet
        : Weight.Other;
}
