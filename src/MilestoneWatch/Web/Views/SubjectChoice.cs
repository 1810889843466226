namespace MilestoneWatch.Web.Views;

/// <summary>A subject that the board can be narrowed to.</summary>
public sealed record SubjectChoice(string Slug, string Name);
