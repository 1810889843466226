namespace MilestoneWatch.Web.Views;

/// <summary>A subject that can be followed, with its milestones; each by slug and the name readers know.</summary>
public sealed record OfferedTopics(string Slug, string Name, IReadOnlyList<OfferedMilestone> Milestones);
