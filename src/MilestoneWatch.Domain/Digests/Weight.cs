namespace MilestoneWatch.Domain.Digests;

/// <summary>How weighty a change is, weightiest first: the order of blocks in a mail.</summary>
public enum Weight
{
    Correction,
    Settled,
    Moved,
    Closed,
    TargetReached,
    MayBeDue,
    ComingUp,
    Other,

    /// <summary>No news but that there was none for long: a line, not a block.</summary>
    Quiet,
}
