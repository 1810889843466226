namespace MilestoneWatch.Record.Watchlists;

/// <summary>The JSON Schema of a watchlist's file, by which editors complete it.</summary>
internal static class WatchlistSchema
{
    public static string Text { get; } = Read();

    private static string Read()
    {
        using var stream = typeof(WatchlistSchema).Assembly.GetManifestResourceStream("watchlists.watchlist.schema.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
