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
            var distance = EditDistance.Of(word, candidate);
            if (distance < least)
                (best, least) = (candidate, distance);
        }
        return best;
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*\\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
