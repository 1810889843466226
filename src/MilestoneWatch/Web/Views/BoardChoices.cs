using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Web.Views;

/// <summary>What the board can be narrowed to: only what is on it.</summary>
public sealed record BoardChoices(
    IReadOnlyList<SubjectChoice> Subjects,
    IReadOnlyList<MilestoneKind> Kinds,
    IReadOnlyList<Status> Statuses
);
