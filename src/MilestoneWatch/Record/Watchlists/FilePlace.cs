namespace MilestoneWatch.Record.Watchlists;

/// <summary>Where something stands in a file: its line and its key, as in `milestones[les-ulis-opening].promised.phrase`.</summary>
internal readonly record struct FilePlace(int Line, string Key);
