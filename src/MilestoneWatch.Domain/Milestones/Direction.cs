namespace MilestoneWatch.Domain.Milestones;

/// <summary>Which side of its target a quantity has to reach.</summary>
public enum Direction
{
    AtLeast,
    AtMost,
}
