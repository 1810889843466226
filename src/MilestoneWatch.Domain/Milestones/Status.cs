namespace MilestoneWatch.Domain.Milestones;

/// <summary>Where a milestone stands. The last two are a question's only ones.</summary>
public enum Status
{
    Planned,
    OnTrack,
    AtRisk,
    Delayed,
    Achieved,
    Missed,
    Cancelled,
    Open,
    Answered,
}
