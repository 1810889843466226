using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Reads a watchlist's YAML. Strict: what is not understood is refused, and every error is told at once.</summary>
internal static class WatchlistFile
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Never throws, whatever the text.</summary>
    /// <param name="yaml">At most 1 MiB in UTF-8.</param>
    /// <param name="errors">In the order of their lines; empty where the watchlist was read.</param>
    public static bool TryRead(string yaml, [NotNullWhen(true)] out Watchlist? watchlist, out IReadOnlyList<WatchlistError> errors)
    {
        watchlist = null;
        var refusals = new Refusals();
        var bytes = Encoding.UTF8.GetByteCount(yaml);
        if (bytes > MaxBytes)
            refusals.Add(1, $"the file has {bytes} bytes; {MaxBytes} at most");
        else if (YamlTree.Read(yaml, refusals) is { Entries: not null } root)
            watchlist = new WatchlistReader(refusals).Read(root);
        else if (!refusals.Any)
            refusals.Add(1, "a watchlist is a mapping; start with `subject: {slug: …, name: …}`");
        errors = refusals.ByLine();
        if (refusals.Any)
            watchlist = null;
        return watchlist is not null;
    }
}
