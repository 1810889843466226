namespace MilestoneWatch.Web.Views;

/// <summary>What a reader can choose from.</summary>
/// <param name="Subjects">Everything on record, by subject.</param>
/// <param name="Zone">The zone that most milestones are in.</param>
public sealed record Offer(IReadOnlyList<OfferedTopics> Subjects, string Zone);
