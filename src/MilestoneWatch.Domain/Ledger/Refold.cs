using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Domain.Ledger;

/// <summary>Replays a milestone's entries: to check the stored states, and to find the state that a retraction leaves.</summary>
public static class Refold
{
    /// <summary>The state without <paramref name="without"/>, or the later entry that would become invalid.</summary>
    public static (MilestoneState? State, long? Invalid, Refusal? Refusal) Without(
        long without,
        MilestoneKind kind,
        IReadOnlyList<Entry> entries
    )
    {
        var gone = RetractedBy(entries);
        gone.Add(without);
        MilestoneState? state = null;
        var counted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!Counts(entry, gone))
            {
                continue;
            }
            if (entry.Body is null)
            {
                state = entry.State;
            }
            else if (
                !Fold.TryStep(
                    state,
                    kind,
                    entry.Position,
                    entry.Body,
                    entry.HappenedOn,
                    counted,
                    out var after,
                    out var refusal
                )
            )
            {
                return (null, entry.Position, refusal);
            }
            else
            {
                state = after;
            }
        }
        return (state, null, null);
    }

    /// <summary>The first position whose stored state is not what the fold gives, or null when all agree.</summary>
    public static long? FirstWrong(MilestoneKind kind, IReadOnlyList<Entry> entries)
    {
        MilestoneState? state = null;
        var counted = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.Body is null)
            {
                state = entry.State;
                continue;
            }
            if (entry.Kind == EntryKind.Retracted)
            {
                var before = entries.Take(i).ToList();
                state = AfterRetraction(
                    Without(entry.Retracts!.Value, kind, before).State,
                    state!,
                    entry.Position
                );
                counted = CountedIn(before, [entry.Retracts.Value]);
            }
            else if (entry.Kind.IsDerived())
            {
                state = state! with { Position = entry.Position };
            }
            else if (
                Fold.TryStep(
                    state,
                    kind,
                    entry.Position,
                    entry.Body,
                    entry.HappenedOn,
                    counted,
                    out var after,
                    out _
                )
            )
            {
                state = after;
            }
            else
            {
                return entry.Position;
            }
            if (state != entry.State)
            {
                return entry.Position;
            }
        }
        return null;
    }

    /// <summary>What the fold without the entry becomes, as the retraction's own state.</summary>
    public static MilestoneState? AfterRetraction(
        MilestoneState? folded,
        MilestoneState current,
        long position
    ) =>
        folded is null
            ? null
            : folded with
            {
                Revision = current.Revision + 1,
                Position = position,
            };

    /// <summary>The name keys that count towards the tally, among entries that still hold.</summary>
    public static HashSet<string> CountedIn(IEnumerable<Entry> entries, IEnumerable<long> without)
    {
        var all = entries as IReadOnlyList<Entry> ?? [.. entries];
        var gone = RetractedBy(all);
        gone.UnionWith(without);
        return all.Where(entry => !gone.Contains(entry.Position))
            .Select(entry => entry.Body?.Change)
            .OfType<EvidenceAdded>()
            .Where(evidence => evidence is { Counts: true, NameKey: not null })
            .Select(evidence => evidence.NameKey!)
            .ToHashSet(StringComparer.Ordinal);
    }

    private static HashSet<long> RetractedBy(IEnumerable<Entry> entries) =>
        [
            .. entries
                .Where(entry => entry.Kind == EntryKind.Retracted)
                .Select(entry => entry.Retracts!.Value),
        ];

    private static bool Counts(Entry entry, HashSet<long> gone) =>
        !gone.Contains(entry.Position)
        && entry.Kind is not (EntryKind.Retracted or EntryKind.Redacted)
        && !entry.Kind.IsDerived();
}
