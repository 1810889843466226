namespace MilestoneWatch.Domain.Evidence;

/// <summary>What evidence says about its milestone.</summary>
public enum Stance
{
    Supports,
    Contradicts,
    Unclear,
}
