namespace MilestoneWatch.Domain.Evidence;

/// <summary>How far a statement can be relied on: first-hand, a third party's report, the promiser's word alone, or not known.</summary>
public enum Standing
{
    Confirmed,
    Reported,
    Claimed,
    Unclear,
}
