namespace MilestoneWatch.Domain.Milestones;

/// <summary>What sort of promise it is: it happens or not, it is measured, names are counted, or it is asked.</summary>
public enum MilestoneKind
{
    Event,
    Quantity,
    Tally,
    Question,
}
