namespace MilestoneWatch.Domain.Milestones;

/// <summary>From which side a quantity reaches its target.</summary>
public enum Direction
{
    AtLeast,
    AtMost,
}
