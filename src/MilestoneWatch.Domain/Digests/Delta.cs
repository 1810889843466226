using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Domain.Digests;

/// <summary>
/// Delta = the difference of two states, unretracted happenings in between that still hold, and corrections of anything already told.
/// </summary>
public static class Delta
{
    /// <summary>The change of one milestone for a reader who knows everything up to <paramref name="from"/>.</summary>
    /// <param name="milestone">As known at the head.</param>
    /// <param name="history">Its entries up to the head, oldest first; of its looks the last is enough.</param>
    /// <param name="from">The reader's position.</param>
    /// <param name="wasTold">Whether they ever were told an entry; all up to their position if it is not known.</param>
    public static MilestoneDelta Of(Milestone milestone, IReadOnlyList<Entry> history, long from, Func<long, bool>? wasTold = null)
    {
        var before = history.LastOrDefault(entry => entry.Position <= from)?.State;
        var after = milestone.State;
        var news = history.Where(entry => entry.Position > from).ToList();
        var standing = news.Standing();
        var corrections = Corrections(history, news, from, wasTold);
        return new MilestoneDelta
        {
            Milestone = milestone,
            History = history,
            Before = before,
            WordingBefore = WordingAt(history, from),
            Corrections = corrections,
            StatusChange = before is not null && before.Status != after.Status ? At(standing, after.StatusPosition) : null,
            Move = before is not null && before.Window != after.Window ? At(standing, after.WindowPosition) : null,
            MovedFrom = MovedFrom(history, before, from),
            Clock = before is null ? [] : ClockThatHolds(standing, milestone),
            Others = [.. standing.Where(entry => IsOther(entry, standing, after) && !IsSilent(entry, history, from))],
        };
    }

    private static List<(Entry Told, Entry Retraction)> Corrections(
        IReadOnlyList<Entry> history,
        List<Entry> news,
        long from,
        Func<long, bool>? wasTold
    ) =>
        [
            .. news.Where(entry => entry.Kind == EntryKind.Retracted && entry.Retracts <= from)
                .SelectMany(
                    retraction => history.Where(entry => entry.Position == retraction.Retracts),
                    (retraction, told) => (Told: told, Retraction: retraction)
                )
                // a look is told by no mail of its own, so withdrawing one corrects nothing
                .Where(correction =>
                    correction.Told.Kind != EntryKind.Looked
                    && !IsSilent(correction.Told, history, correction.Told.Position - 1)
                    && wasTold?.Invoke(correction.Told.Position) != false
                ),
        ];

    /// <summary>Whether a digest from one position to another told an entry: not if it was undone or superseded before.</summary>
    public static bool Told(Milestone milestone, IReadOnlyList<Entry> history, long from, long to, long position)
    {
        var known = history.Where(entry => entry.Position <= to).ToList();
        return known.Count > 0 && Of(milestone with { State = known[^1].State }, known, from).News.Any(entry => entry.Position == position);
    }

    private static Entry? MovedFrom(IReadOnlyList<Entry> history, MilestoneState? before, long from)
    {
        if (before?.Window is null)
        {
            return null;
        }
        return history
            .Standing()
            .LastOrDefault(entry =>
                entry.Position <= from && entry.Position <= before.WindowPosition && entry.Body?.Change.PromiseSet() is not null
            );
    }

    private static Entry? At(IReadOnlyList<Entry> entries, long? position) => entries.FirstOrDefault(entry => entry.Position == position);

    private static bool IsOther(Entry entry, IReadOnlyList<Entry> standing, MilestoneState after) =>
        entry.Kind switch
        {
            EntryKind.Redefined => entry.Position == after.DefinitionPosition,
            EntryKind.ReadingAdded or EntryKind.EvidenceAdded or EntryKind.Forecast => true,
            EntryKind.ProgressRecorded => entry.Position == after.ProgressPosition,
            EntryKind.ForecastMoved => entry == standing.LastOrDefault(other => other.Kind == EntryKind.ForecastMoved)
                && entry.Body?.Change is ForecastShifted shifted
                && shifted.By == after.Window?.Latest,
            _ => false,
        };

    // A threshold or another spelling that changed is nothing to readers.
    private static bool IsSilent(Entry entry, IReadOnlyList<Entry> history, long from) =>
        entry.Body?.Change is Redefined redefined
        && WordingAt(history, from) is { } known
        && Definitions.SayTheSame(known, redefined.Definition);

    /// <summary>The wording that stood at a position; null where it was redacted.</summary>
    internal static Definition? WordingAt(IReadOnlyList<Entry> history, long position)
    {
        var wording = history.LastOrDefault(entry => entry.Position <= position)?.State.DefinitionPosition;
        return history.FirstOrDefault(entry => entry.Position == wording)?.Body?.Change.DefinitionSet();
    }

    // A closed window makes its opening and its reminders old news; of several reminders only the last is news.
    private static List<Entry> ClockThatHolds(IReadOnlyList<Entry> entries, Milestone milestone)
    {
        var said = entries.Where(entry => entry.Body?.Change is ClockSaid clock && Holds(entry, clock, milestone)).ToList();
        if (said.Find(entry => entry.Kind == EntryKind.WindowClosed) is { } closed)
        {
            return [closed, .. said.Where(entry => entry.Kind == EntryKind.TargetReached)];
        }
        var reminder = said.FindLast(entry => entry.Kind == EntryKind.DueSoon);
        return
        [
            .. said.Where(entry =>
                entry.Kind != EntryKind.DueSoon && !(reminder is not null && entry.Kind == EntryKind.WindowOpened) || entry == reminder
            ),
        ];
    }

    private static bool Holds(Entry entry, ClockSaid said, Milestone milestone)
    {
        var after = milestone.State;
        if (after.Status.IsFinal())
        {
            return false;
        }
        return said.Said switch
        {
            EntryKind.WindowOpened => said.On == after.Window?.Earliest,
            EntryKind.DueSoon or EntryKind.WindowClosed => said.On == after.Window?.Latest,
            EntryKind.MayBeDue => said.On == after.Window?.Alternative?.Latest,
            EntryKind.TargetReached => Targets.IsReached(milestone.Definition, after),
            EntryKind.GoneQuiet => entry.Occasion == Checks.Occasions.QuietKey(after.SubstancePosition ?? 0, said.Days ?? 0),
            _ => true,
        };
    }
}
