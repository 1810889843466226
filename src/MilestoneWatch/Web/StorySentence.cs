using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Web.Words;

namespace MilestoneWatch.Web;

/// <summary>The words of a milestone's story: what sort of thing happened, and what, in a sentence.</summary>
internal static class StorySentence
{
    public static string Kind(Entry entry) =>
        entry.Kind switch
        {
            EntryKind.Added => entry.Body?.Change is Added { Promise: not null } ? "Promised" : "Put on the watchlist",
            EntryKind.Redefined => "Reworded",
            EntryKind.StatusChanged => "Status",
            EntryKind.Reopened => "Reopened",
            EntryKind.Rescheduled => "Date moved",
            EntryKind.ReadingAdded => "Also printed",
            EntryKind.ProgressRecorded => "Progress",
            EntryKind.EvidenceAdded => "Evidence",
            EntryKind.Looked => "Looked",
            EntryKind.Forecast => "Forecast",
            EntryKind.ForecastMoved => "Forecast moved",
            EntryKind.WindowOpened => "Window opened",
            EntryKind.DueSoon => "Reminder",
            EntryKind.MayBeDue => "May be due",
            EntryKind.WindowClosed => "Date passed",
            EntryKind.GoneQuiet => "Gone quiet",
            EntryKind.TargetReached => "Target reached",
            _ => "Note",
        };

    public static string Of(Entry entry, IReadOnlyList<Entry> history, Definition definition)
    {
        switch (entry.Body?.Change)
        {
            case Added { Promise: { } promise }:
                return $"“{promise.Phrase}”: {WindowWords.Range(promise.Window)}.";
            case Added:
                return "No date was promised.";
            case Redefined redefined:
                return redefined.Definition.Conflicts is { } conflicts
                    ? $"Sources disagree: {conflicts.TrimEnd('.')}."
                    : "What it means was put in other words.";
            case Rescheduled moved:
                var was = history.LastOrDefault(other => other.Position < entry.Position)?.State.Window;
                var slip = was is null ? null : Window.SlipInDays(was, moved.Promise.Window);
                return $"To “{moved.Promise.Phrase}”: {WindowWords.Range(moved.Promise.Window)}{(slip is { } days ? $"; {DateWords.Moved(days)}" : "")}.";
            case StatusChanged changed:
                return $"{NumberWords.Sentence(Domain.Words.Of(changed.Status))}{(changed.Override is { } why ? $", without evidence: {why.TrimEnd('.')}" : "")}.";
            case Reopened reopened:
                return $"{NumberWords.Sentence(reopened.Reason.TrimEnd('.'))}.";
            case ReadingAdded reading:
                var publisher = entry.Body.Source?.Publisher ?? "Another source";
                return $"{publisher} has “{reading.Promise.Phrase}”{(reading.Means is { } means ? $": {means}" : "")}{(reading.Conflicts ? "; that conflicts" : "")}.";
            case ProgressRecorded progress:
                return $"{NumberWords.Number(progress.Value)} {definition.Unit}{(entry.Body.Standing is { } standing and not Standing.Unclear ? $", {Word(standing)}" : "")}.";
            case EvidenceAdded { Name: { } name } evidence:
                return $"{name}{(evidence.Relation is { } relation ? $", {relation.Replace('_', ' ')}" : "")}. {(evidence.Counts ? "It counts." : "It does not count.")}";
            case EvidenceAdded evidence:
                return evidence.Stance switch
                {
                    Stance.Supports => "It speaks for it.",
                    Stance.Contradicts => "It speaks against it.",
                    _ => "Which way it points is unclear.",
                };
            case Looked:
                return entry.Body.Source is { } where ? $"Nothing new at {where.Publisher}." : "Nothing new.";
            case Forecasted forecast:
                return $"{string.Join(", ", forecast.Points.Select(point => $"{Domain.Words.Percent(point.Probability)} by {DateWords.Long(point.By)}"))}.";
            case ForecastShifted shifted:
                return $"What {NumberWords.Count(shifted.Analysts, "analyst says", "analysts say together")} for {DateWords.Long(shifted.By)} moved from {Domain.Words.AboutPercent(shifted.From)} to {Domain.Words.AboutPercent(shifted.To)}.";
            case ClockSaid said:
                return Said(said);
            case null:
                return "The words of this entry were removed.";
            default:
                return "";
        }
    }

    /// <summary>The same in a few words, for the board.</summary>
    public static string Brief(Entry entry) =>
        entry.Body?.Change switch
        {
            Added { Promise: { } promise } => $"promised for “{promise.Phrase}”",
            Added => "put on the watchlist",
            Rescheduled moved => $"moved to “{moved.Promise.Phrase}”",
            StatusChanged changed => $"now {Domain.Words.Of(changed.Status)}",
            ReadingAdded reading => $"also printed as “{reading.Promise.Phrase}”",
            ProgressRecorded => "progress recorded",
            EvidenceAdded { Name: { } name } => $"evidence: {name}",
            EvidenceAdded => "new evidence",
            Looked => "looked, nothing new",
            Retracted => "an entry was taken back",
            ClockSaid { Said: EntryKind.WindowClosed } => "window closed, nothing on record",
            ClockSaid { Said: EntryKind.WindowOpened } => "window opened",
            ClockSaid { Said: EntryKind.MayBeDue } => "may be due",
            ClockSaid { Said: EntryKind.GoneQuiet, Days: { } days } => $"nothing new for {DateWords.Days(days)}",
            ClockSaid { Days: { } days } => $"{DateWords.Days(days)} left in the window",
            _ => Kind(entry).ToLowerInvariant(),
        };

    /// <summary>What the clock will say.</summary>
    public static string Upcoming(ClockSaid said) =>
        said.Said switch
        {
            EntryKind.WindowOpened => "The window opens.",
            EntryKind.DueSoon => $"Reminder: {DateWords.Days(said.Days ?? 0)} before the window ends.",
            EntryKind.MayBeDue => "It may be due, on the other reading of the date.",
            EntryKind.WindowClosed => "The window has ended.",
            EntryKind.GoneQuiet => $"Gone quiet, if nothing new is recorded until then ({DateWords.Days(said.Days ?? 0)}).",
            _ => "A check.",
        };

    public static string Word(Standing standing) =>
        standing switch
        {
            Standing.Confirmed => "confirmed",
            Standing.Reported => "reported",
            Standing.Claimed => "claimed",
            Standing.Unclear => "unclear",
            _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, null),
        };

    private static string Said(ClockSaid said) =>
        said.Said switch
        {
            EntryKind.WindowOpened => $"From {DateWords.Long(said.On)} on, it may happen any day.",
            EntryKind.DueSoon => $"{DateWords.Days(said.Days ?? 0)} to the end of the window, {DateWords.Long(said.On)}.",
            EntryKind.MayBeDue => $"On the other reading of the date, it was due by {DateWords.Long(said.On)}.",
            EntryKind.WindowClosed => $"The window ended on {DateWords.Long(said.On)} with nothing on record that settles it.",
            EntryKind.GoneQuiet => $"Nothing new was recorded for {DateWords.Days(said.Days ?? 0)}.",
            EntryKind.TargetReached => "The number on record has reached the target.",
            _ => "",
        };
}
