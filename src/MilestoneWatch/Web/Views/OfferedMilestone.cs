namespace MilestoneWatch.Web.Views;

/// <summary>A milestone that can be followed by itself.</summary>
public sealed record OfferedMilestone(string Slug, string Name);
