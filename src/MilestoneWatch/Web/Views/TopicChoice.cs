namespace MilestoneWatch.Web.Views;

/// <summary>A subject or a milestone that was asked for by its slug.</summary>
public sealed record TopicChoice(string Slug, string Name);
