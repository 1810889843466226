namespace MilestoneWatch.Record;

/// <summary>"Did you mean" for a slug, a name or a word that there is none of.</summary>
internal static class NearestSlug
{
    public static string Message(string slug, IReadOnlyList<string> known)
    {
        var nearest = known.OrderBy(candidate => Distance(slug, candidate)).FirstOrDefault();
        return nearest is null
            ? $"there is no milestone \"{slug}\": the watchlist is empty; `mw import FILE` fills it"
            : $"there is no milestone \"{slug}\": did you mean \"{nearest}\"? `mw milestone list` shows all";
    }

    /// <summary>What was probably meant by a word that is none of those known; null where nothing is near.</summary>
    public static string? Of(string word, IEnumerable<string> known)
    {
        var nearest = known.MinBy(candidate => Distance(word, candidate));
        return nearest is not null && word.Length > 1 && Distance(word, nearest) <= Math.Max(2, word.Length / 3) ? nearest : null;
    }

    /// <summary>What to type instead of a name that nobody has: the nearest, and all that there are.</summary>
    public static string Suggestion(string word, IReadOnlyCollection<string> known) =>
        Of(word, known) is { } meant
            ? $"did you mean \"{meant}\"? There is {string.Join(", ", known)}"
            : $"there is {string.Join(", ", known)}";

    private static int Distance(string a, string b)
    {
        if (a.Length > 2 && b.Contains(a, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }
        return EditDistance.Of(a, b);
    }
}
