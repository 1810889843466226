namespace MilestoneWatch.Record.Watchlists;

/// <summary>Why a watchlist was refused: the 1-based line, the key as a path (empty for the whole file), and what was wrong with what would do.</summary>
internal sealed record WatchlistError(int Line, string Key, string Message);
