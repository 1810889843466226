using System.Text.RegularExpressions;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Names that stand in addresses and commands, and how much of somebody's key an error repeats.</summary>
internal static partial class Slugs
{
    public const int MaxLength = 80;
    public const string Rule = "a-z, 0-9 and single dashes, 80 characters at most";

    public static bool IsOne(string text) => text.Length <= MaxLength && Pattern().IsMatch(text);

    public static string Clip(string text) => text.Length <= 60 ? text : $"{text[..60]}…";

    /// <summary>The candidate that <paramref name="word"/> most likely meant to be, or null if none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        if (word.Length > MaxLength)
            return null;
        var (best, least) = ((string?)null, Math.Max(1, word.Length / 3) + 1);
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - word.Length) >= least)
                continue;
            var distance = Distance(word, candidate);
            if (distance < least)
                (best, least) = (candidate, distance);
        }
        return best;
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]);
                var cost = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(cost, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*\\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
