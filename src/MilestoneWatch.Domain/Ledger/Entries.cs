using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Domain.Ledger;

/// <summary>What is asked of entries everywhere: which were withdrawn, and what wording or promise one sets.</summary>
public static class Entries
{
    /// <summary>The positions that retractions among them withdraw.</summary>
    public static HashSet<long> Withdrawn(this IEnumerable<Entry> entries) =>
        [.. entries.Where(entry => entry.Kind == EntryKind.Retracted).Select(entry => entry.Retracts!.Value)];

    /// <summary>Those that none of them withdraws, in their order.</summary>
    public static IReadOnlyList<Entry> Standing(this IReadOnlyCollection<Entry> entries)
    {
        var withdrawn = entries.Withdrawn();
        return [.. entries.Where(entry => !withdrawn.Contains(entry.Position))];
    }

    /// <summary>The wording that a change sets; null for one that sets none.</summary>
    public static Definition? DefinitionSet(this Change? change) =>
        change switch
        {
            Added added => added.Definition,
            Redefined redefined => redefined.Definition,
            _ => null,
        };

    /// <summary>The promise that a change sets; null for one that sets none.</summary>
    public static Promise? PromiseSet(this Change? change) =>
        change switch
        {
            Added added => added.Promise,
            Rescheduled moved => moved.Promise,
            _ => null,
        };
}
