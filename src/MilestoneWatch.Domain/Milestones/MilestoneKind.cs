namespace MilestoneWatch.Domain.Milestones;

/// <summary>What sort of promise it is, which decides what can be recorded of it.</summary>
public enum MilestoneKind
{
    Event,
    Quantity,
    Tally,
    Question,
}
