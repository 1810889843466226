namespace MilestoneWatch.Domain.Evidence;

/// <summary>Which way a piece of evidence points.</summary>
public enum Stance
{
    Supports,
    Contradicts,
    Unclear,
}
