using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Web.Views;

/// <summary>What the board can be narrowed to: only what is on it.</summary>
public sealed record BoardChoices(IReadOnlyList<SubjectChoice> Subjects, IReadOnlyList<MilestoneKind> Kinds, IReadOnlyList<Status> Statuses)
{
    /// <summary>Those that were asked for, in that order.</summary>
    public IReadOnlyList<TopicChoice> Topics { get; init; } = [];
}
