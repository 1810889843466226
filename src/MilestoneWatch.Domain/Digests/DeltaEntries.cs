using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;

namespace MilestoneWatch.Domain.Digests;

/// <summary>The entries that a milestone's state points to.</summary>
internal static class DeltaEntries
{
    public static Entry? At(this MilestoneDelta delta, long? position) => delta.History.LastOrDefault(entry => entry.Position == position);

    /// <summary>Whether an entry is told beside the status and the date.</summary>
    public static bool Tells(this MilestoneDelta delta, long? position) => delta.Others.Any(entry => entry.Position == position);

    /// <summary>How far the reading that stands can be relied on; null without one.</summary>
    public static Standing? ProgressStanding(this MilestoneDelta delta) => delta.At(delta.Milestone.State.ProgressPosition)?.Body?.Standing;
}
