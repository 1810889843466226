namespace MilestoneWatch.Record.Watchlists;

/// <summary>Whose promises these are.</summary>
internal sealed record SubjectItem(string Slug, string Name, int Line);
