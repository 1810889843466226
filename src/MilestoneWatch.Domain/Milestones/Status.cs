namespace MilestoneWatch.Domain.Milestones;

/// <summary>Where a milestone stands; <see cref="Open"/> and <see cref="Answered"/> are a question's.</summary>
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
