namespace MilestoneWatch.Domain.Milestones;

/// <summary>What sort of thing is promised or awaited.</summary>
public enum MilestoneKind
{
    Event,
    Quantity,
    Tally,
    Question,
}
