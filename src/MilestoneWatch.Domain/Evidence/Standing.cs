namespace MilestoneWatch.Domain.Evidence;

/// <summary>How firmly a source knows what it says: first-hand, third party, the promiser's word alone, or unclear.</summary>
public enum Standing
{
    Confirmed,
    Reported,
    Claimed,
    Unclear,
}
