using System.Globalization;
using MilestoneWatch.Web.Views;

namespace MilestoneWatch.Web.Words;

/// <summary>Numbers and counts in plain words.</summary>
internal static class NumberWords
{
    private static readonly string[] Small =
    [
        "no",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ];

    public static string Number(decimal value) => value.ToString("#,0.###", CultureInfo.InvariantCulture);

    /// <summary>"six promises", "1 question", from twelve on in figures.</summary>
    public static string Count(int count, string one, string many) =>
        $"{(count < Small.Length ? Small[count] : Number(count))} {(count == 1 ? one : many)}";

    /// <summary>"40 of 200 MW (20%)"; for a target to come down to, "40 MW, to come down to 20".</summary>
    public static string Progress(ProgressView progress)
    {
        var target = $"{Number(progress.Target)} {progress.Unit}";
        if (progress.Value is not { } value)
        {
            return $"nothing measured yet of {target}";
        }
        return !progress.AtLeast ? $"{Number(value)} {progress.Unit}, to come down to {Number(progress.Target)}"
            : progress.Target > 0 ? $"{Number(value)} of {target} ({Number(decimal.Floor(value / progress.Target * 100))}%)"
            : $"{Number(value)} of {target}";
    }

    /// <summary>"2 names counted, 5 needed".</summary>
    public static string Tally(TallyView tally)
    {
        var counted = Count(tally.Counted.Count, "name counts", "names count");
        return tally.Threshold is { } needed
            ? $"{counted} so far, {Number(needed)} needed"
            : $"{counted} so far; how many settle it is not set";
    }

    /// <summary>The first letter in upper case, to begin a sentence.</summary>
    public static string Sentence(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
