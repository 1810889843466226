namespace MilestoneWatch.Record;

/// <summary>"Did you mean" for a slug that nobody has.</summary>
internal static class NearestSlug
{
    public static string Message(string slug, IReadOnlyList<string> known)
    {
        var nearest = known.OrderBy(candidate => Distance(slug, candidate)).FirstOrDefault();
        return nearest is null
            ? $"there is no milestone \"{slug}\": the watchlist is empty; `mw import FILE` fills it"
            : $"there is no milestone \"{slug}\": did you mean \"{nearest}\"? `mw milestone list` shows all";
    }

    private static int Distance(string a, string b)
    {
        if (b.Contains(a, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
            }
        }
        return row[b.Length];
    }
}
