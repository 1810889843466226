using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>The words that stand for fixed choices in a watchlist file.</summary>
internal static class Words
{
    public static readonly IReadOnlyDictionary<string, MilestoneKind> Kinds = Of(
        ("event", MilestoneKind.Event),
        ("quantity", MilestoneKind.Quantity),
        ("tally", MilestoneKind.Tally)
    );

    public static readonly IReadOnlyDictionary<string, Direction> Directions = Of(
        ("at_least", Direction.AtLeast),
        ("at_most", Direction.AtMost)
    );

    public static readonly IReadOnlyDictionary<string, Stance> Stances = Of(
        ("supports", Stance.Supports),
        ("contradicts", Stance.Contradicts),
        ("unclear", Stance.Unclear)
    );

    public static readonly IReadOnlyDictionary<string, Standing> Standings = Of(
        ("confirmed", Standing.Confirmed),
        ("reported", Standing.Reported),
        ("claimed", Standing.Claimed),
        ("unclear", Standing.Unclear)
    );

    public static readonly IReadOnlyDictionary<string, bool> Relations = Of(("counts", true), ("does_not_count", false));

    private static Dictionary<string, T> Of<T>(params ReadOnlySpan<(string Word, T Value)> words)
    {
        var dictionary = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (word, value) in words)
            dictionary.Add(word, value);
        return dictionary;
    }
}
