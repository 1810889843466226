namespace MilestoneWatch.Domain.Milestones;

/// <summary>What holds of statuses: which are final, and which a kind can have.</summary>
public static class Statuses
{
    /// <summary>Leaving a final status takes a reopening with a reason.</summary>
    public static bool IsFinal(this Status status) => status is Status.Achieved or Status.Missed or Status.Cancelled or Status.Answered;

    public static bool Fits(this Status status, MilestoneKind kind) =>
        (status is Status.Open or Status.Answered) == (kind == MilestoneKind.Question) || status == Status.Cancelled;

    /// <summary>The status a milestone starts with.</summary>
    public static Status Initial(MilestoneKind kind) => kind == MilestoneKind.Question ? Status.Open : Status.Planned;
}
