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
        var gone = entries.Withdrawn();
        gone.Add(without);
        MilestoneState? state = null;
        var counted = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (!Counts(entry, gone))
            {
                continue;
            }
            if (entry.Body is null && i == 0)
            {
                state = entry.State;
            }
            else if (entry.Body is null)
            {
                var before = entries[i - 1].State;
                if (
                    Known(entry, before) is { } known
                    && !Fold.TryStep(state, kind, entry.Position, known, entry.HappenedOn, counted, out _, out var invalid)
                )
                {
                    return (null, entry.Position, invalid);
                }
                state = Redone(state!, before, entry.State);
            }
            else if (!Fold.TryStep(state, kind, entry.Position, entry.Body, entry.HappenedOn, counted, out var after, out var refusal))
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
        var redacted = false;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (entry.Body is null)
            {
                state = entry.State;
                redacted = true;
                continue;
            }
            if (entry.Kind == EntryKind.Retracted)
            {
                var before = entries.Take(i).ToList();
                state =
                    AfterRetraction(Without(entry.Retracts!.Value, kind, before).State, state!, entry.Position)
                    // what was redacted since may have held what made it valid
                    ?? (redacted ? entry.State : null);
                counted = CountedIn(before, [entry.Retracts.Value]);
            }
            else if (entry.Kind.IsDerived())
            {
                state = state! with { Position = entry.Position };
            }
            else if (Fold.TryStep(state, kind, entry.Position, entry.Body, entry.HappenedOn, counted, out var after, out _))
            {
                state = after;
            }
            else
            {
                return entry.Position;
            }
            if (redacted && state is not null)
            {
                state = AsFarAsKnown(state, entry);
            }
            if (state != entry.State)
            {
                return entry.Position;
            }
        }
        return null;
    }

    /// <summary>What the fold without the entry becomes, as the retraction's own state.</summary>
    public static MilestoneState? AfterRetraction(MilestoneState? folded, MilestoneState current, long position) =>
        folded is null ? null : folded with { Revision = current.Revision + 1, Position = position };

    /// <summary>The name keys that count towards the tally, among entries that still hold.</summary>
    public static HashSet<string> CountedIn(IEnumerable<Entry> entries, IEnumerable<long> without)
    {
        var all = entries as IReadOnlyList<Entry> ?? [.. entries];
        var gone = all.Withdrawn();
        gone.UnionWith(without);
        return all.Where(entry => !gone.Contains(entry.Position))
            .Select(entry => entry.Body?.Change)
            .OfType<EvidenceAdded>()
            .Where(evidence => evidence is { Counts: true, NameKey: not null })
            .Select(evidence => evidence.NameKey!)
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// What a redacted entry said, as far as its rules go, told from the stored states around it; null where it can follow anything.
    /// An override that it may have had beside evidence is not known.
    /// </summary>
    private static EntryBody? Known(Entry entry, MilestoneState before)
    {
        var after = entry.State;
        return entry.Kind switch
        {
            EntryKind.StatusChanged => new EntryBody(new StatusChanged(after.Status, after.Proofs == 0 ? "" : null))
            {
                Source = after.Proofs > before.Proofs ? new Citation(0, "", null, null, null) : null,
                Standing = Evidence.Standing.Confirmed,
            },
            EntryKind.Reopened => new EntryBody(new Reopened("")),
            EntryKind.Rescheduled => new EntryBody(new Rescheduled(new Promise("", after.Window!))),
            _ => null,
        };
    }

    /// <summary>What a redacted entry did, told from the stored states around it, done to another state.</summary>
    private static MilestoneState Redone(MilestoneState state, MilestoneState before, MilestoneState after)
    {
        if (before.StatusPosition != after.StatusPosition)
        {
            state = state with { Status = after.Status, StatusPosition = after.StatusPosition, StatusOn = after.StatusOn };
        }
        if (before.WindowPosition != after.WindowPosition)
        {
            state = state with
            {
                Window = after.Window,
                WindowPosition = after.WindowPosition,
                FirstWindow = state.FirstWindow ?? after.Window,
                FirstWindowPosition = state.FirstWindowPosition ?? after.WindowPosition,
                Moves = state.Moves + (state.Window is null ? 0 : 1),
            };
        }
        if (before.ProgressPosition != after.ProgressPosition)
        {
            state = state with { Progress = after.Progress, ProgressOn = after.ProgressOn, ProgressPosition = after.ProgressPosition };
        }
        if (before.LookPosition != after.LookPosition)
        {
            state = state with { LookedOn = after.LookedOn, LookPosition = after.LookPosition };
        }
        return state with
        {
            Position = after.Position,
            Revision = state.Revision + 1,
            DefinitionPosition =
                before.DefinitionPosition == after.DefinitionPosition ? state.DefinitionPosition : after.DefinitionPosition,
            SubstancePosition = before.SubstancePosition == after.SubstancePosition ? state.SubstancePosition : after.SubstancePosition,
            Counted = state.Counted + after.Counted - before.Counted,
            Proofs = state.Proofs + after.Proofs - before.Proofs,
        };
    }

    // A redaction takes a name, or a reading that a later-dated one hid: what follows from those is taken as stored.
    private static MilestoneState AsFarAsKnown(MilestoneState state, Entry entry) =>
        entry.Kind switch
        {
            EntryKind.EvidenceAdded => state with { Counted = entry.State.Counted },
            EntryKind.Retracted => state with
            {
                Counted = entry.State.Counted,
                Progress = entry.State.Progress,
                ProgressOn = entry.State.ProgressOn,
                ProgressPosition = entry.State.ProgressPosition,
                LookedOn = entry.State.LookedOn,
                LookPosition = entry.State.LookPosition,
            },
            _ => state,
        };

    private static bool Counts(Entry entry, HashSet<long> gone) =>
        !gone.Contains(entry.Position) && entry.Kind is not (EntryKind.Retracted or EntryKind.Redacted) && !entry.Kind.IsDerived();
}
