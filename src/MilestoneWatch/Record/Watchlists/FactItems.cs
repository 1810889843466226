using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Entries and definitions as a file says them: what no file may hold is left out, so that what is exported can be imported.</summary>
internal static class FactItems
{
    private static readonly IReadOnlySet<string> NoOurs = new HashSet<string>(StringComparer.Ordinal);

    public static LocalDate? Day(LocalDate? day) => day is { Year: >= 1900 and <= 2200 } ? day : null;

    public static string? Line(string? text) => Clipped(Characters.Allowed(text, lines: false));

    public static string? Prose(string? text) => Clipped(Characters.Allowed(text, lines: true));

    public static Promise Promise(Entry entry, string? source, LocalDate? asOf)
    {
        var promise = entry.Body?.Change.PromiseSet();
        var day = Day(entry.HappenedOn);
        // redacted words: the reading is still known
        var (phrase, readAs, window) = Phrase(promise?.Phrase, promise?.Window ?? entry.State.Window!, day ?? asOf);
        var seen = promise?.FirstSeen == true;
        return new Promise(phrase, readAs, window, seen ? null : day, seen ? day : null, source, Remarks(entry.Body), 0);
    }

    public static Reading Reading(Entry entry, SourceItem? source, LocalDate? asOf)
    {
        var change = (ReadingAdded)entry.Body!.Change;
        var (phrase, readAs, window) = Phrase(change.Promise.Phrase, change.Promise.Window, source?.PublishedOn ?? asOf);
        return new Reading(phrase, readAs, window, Line(change.Means), source?.Name, change.Conflicts, Remarks(entry.Body), 0);
    }

    public static ProgressItem Progress(Entry entry, string? source)
    {
        var body = entry.Body!;
        return new ProgressItem(
            Fields.Plain(((ProgressRecorded)body.Change).Value),
            Day(entry.HappenedOn),
            Prose(body.Note),
            Prose(body.Quote),
            body is { Verbatim: true, Quote: not null },
            body.Standing ?? Standing.Unclear,
            source,
            0
        );
    }

    public static EvidenceItem Evidence(Entry entry, string? source, FactLink? link)
    {
        var body = entry.Body!;
        var change = (EvidenceAdded)body.Change;
        var quote = Prose(body.Quote);
        return new EvidenceItem(
            Line(change.Name),
            Line(change.Relation),
            quote,
            body.Verbatim && quote is not null,
            change.Stance,
            body.Standing ?? Standing.Unclear,
            Day(entry.HappenedOn),
            Prose(body.Note),
            source,
            link?.Ours is { } ours ? ours.ToHashSet(StringComparer.Ordinal)
                : body.Ours && quote is not null ? new HashSet<string>(["quote"], StringComparer.Ordinal)
                : NoOurs,
            0
        );
    }

    public static StatusItem Status(Status status, Entry entry, string? source, bool proven)
    {
        var reason = Prose((entry.Body?.Change as StatusChanged)?.Override);
        var remarks = Remarks(entry.Body);
        var own = source is not null && remarks.Standing is Standing.Confirmed or Standing.Reported;
        if (status is Domain.Milestones.Status.Achieved or Domain.Milestones.Status.Missed && !proven && !own)
            reason ??= "what it rested on was redacted";
        return new StatusItem(status, Day(entry.HappenedOn), reason, source, remarks, 0);
    }

    public static bool IsProof(EvidenceItem item) =>
        item is { Stance: Stance.Supports, Source: not null, Standing: Standing.Confirmed or Standing.Reported };

    /// <summary>The wording alone; the facts are added to it.</summary>
    public static MilestoneItem Milestone(Milestone milestone)
    {
        var definition = milestone.Definition;
        var (quantity, tally) = (milestone.Kind == MilestoneKind.Quantity, milestone.Kind == MilestoneKind.Tally);
        return new MilestoneItem(
            milestone.Slug,
            Line(definition.Title) ?? milestone.Slug,
            Line(definition.Name),
            Line(definition.ShortName),
            Line(definition.Outcome),
            milestone.Kind,
            Prose(definition.Detail),
            Line(definition.CountsWhen),
            Line(definition.Conflicts),
            milestone.Zone.Id,
            quantity && definition.Target is { } target and >= 0 and < 1e15m ? Fields.Plain(target) : null,
            quantity ? Line(definition.Unit) : null,
            quantity ? definition.Direction : null,
            tally ? ByName(definition.Relations, value => value) : new Dictionary<string, bool>(StringComparer.Ordinal),
            tally ? Names(definition.Baseline) : [],
            tally && definition.Threshold is >= 1 and <= 1_000_000 ? definition.Threshold : null,
            tally ? ByName(definition.Aliases, Line) : new Dictionary<string, string>(StringComparer.Ordinal),
            definition.ReminderDays?.Where(days => days is >= 0 and <= 3650).Distinct().ToList(),
            definition.QuietDays is >= 0 and <= 3650 ? definition.QuietDays : null,
            definition.ForecastPoints is >= 1 and <= 99 ? definition.ForecastPoints : null,
            Status: null,
            Promised: null,
            Earlier: [],
            Readings: [],
            Progress: [],
            Evidence: [],
            definition.Ours.ToHashSet(StringComparer.Ordinal),
            new Dictionary<string, int>(StringComparer.Ordinal),
            0
        );
    }

    public static IReadOnlyList<string> Names(IEnumerable<string> texts) =>
        [.. texts.Select(Line).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static Dictionary<string, T> ByName<T>(IReadOnlyDictionary<string, T> pairs, Func<T, T?> read)
    {
        var kept = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, value) in pairs)
        {
            if (Line(name) is { Length: <= Slugs.MaxLength } key && read(value) is { } known)
                kept.TryAdd(key, known);
        }
        return kept;
    }

    private static Remarks Remarks(EntryBody? body) =>
        new(
            Prose(body?.Note),
            Prose(body?.Quote),
            body is { Verbatim: true, Quote: not null },
            body?.Standing is { } standing and not Standing.Unclear ? standing : null
        );

    /// <summary>The phrase as printed, and where it would not be read so again, the same window in words that are.</summary>
    private static (string Phrase, string? ReadAs, Window Window) Phrase(string? words, Window window, LocalDate? on)
    {
        var printed = WindowPhrase.Print(window);
        var phrase = Characters.Allowed(words, lines: false) is { Length: <= PromiseReader.MaxPhrase } kept ? kept : printed;
        if (PromiseReader.TryRead(phrase, on, out var read, out _) && Same(read, window))
            return (phrase, null, read);
        // until it is read as it is printed: a precision that the words do not carry is lost once, not each time
        for (var tries = 0; tries < 3 && PromiseReader.TryRead(printed, on, out read, out _); tries++)
        {
            if (WindowPhrase.Print(read) == printed)
                return (phrase, printed, read);
            printed = WindowPhrase.Print(read);
        }
        return (phrase, printed, window);
    }

    private static bool Same(Window a, Window b) => a with { Precision = b.Precision } == b;

    private static string? Clipped(string? text) => text is { Length: > Fields.MaxText } ? text[..Fields.MaxText].TrimEnd() : text;
}
