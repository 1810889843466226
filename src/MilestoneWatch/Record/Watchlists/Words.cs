using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>The words that stand for fixed choices in a watchlist file: those of the ledger.</summary>
internal static class Words
{
    public static readonly IReadOnlyDictionary<string, MilestoneKind> Kinds = Of(
        MilestoneKind.Event,
        MilestoneKind.Quantity,
        MilestoneKind.Tally
    );

    public static readonly IReadOnlyDictionary<string, Direction> Directions = Of(Enum.GetValues<Direction>());

    public static readonly IReadOnlyDictionary<string, Stance> Stances = Of(Enum.GetValues<Stance>());

    public static readonly IReadOnlyDictionary<string, Standing> Standings = Of(Enum.GetValues<Standing>());

    public static readonly IReadOnlyDictionary<string, Status> Statuses = Fitting(MilestoneKind.Event);

    public static readonly IReadOnlyDictionary<string, Status> Answers = Fitting(MilestoneKind.Question);

    public static readonly IReadOnlyDictionary<string, bool> Relations = new OrderedDictionary<string, bool>(StringComparer.Ordinal)
    {
        ["counts"] = true,
        ["does_not_count"] = false,
    };

    private static OrderedDictionary<string, Status> Fitting(MilestoneKind kind) =>
        Of(Enum.GetValues<Status>().Where(status => status.Fits(kind)).ToArray());

    private static OrderedDictionary<string, T> Of<T>(params ReadOnlySpan<T> values)
        where T : struct, Enum
    {
        var words = new OrderedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var value in values)
            words.Add(LedgerJson.WriteEnum(value), value);
        return words;
    }
}
