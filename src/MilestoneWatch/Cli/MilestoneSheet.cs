using System.Globalization;
using MilestoneWatch.Domain;
using MilestoneWatch.Domain.Checks;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Web;
using MilestoneWatch.Web.Views;
using MilestoneWatch.Web.Words;
using NodaTime;
using static MilestoneWatch.Cli.WindowPicture;

namespace MilestoneWatch.Cli;

/// <summary>`mw milestone show` as people read it: where it stands, the drawing, how its date moved, and what is known beside it.</summary>
internal sealed class MilestoneSheet
{
    private readonly Milestone _milestone;
    private readonly IReadOnlyList<Entry> _history;
    private readonly Instant _now;
    private readonly Sheet _sheet;
    private readonly IReadOnlyList<Entry> _standing;
    private readonly List<Entry> _promises;
    private readonly Aggregate _forecast;

    private MilestoneSheet(Milestone milestone, IReadOnlyList<Entry> history, Instant now, int width)
    {
        (_milestone, _history, _now, _sheet) = (milestone, history, now, new Sheet(width));
        _standing = history.Standing();
        _promises = [.. _standing.Where(entry => entry.Body?.Change.PromiseSet() is not null)];
        _forecast = new Aggregate(RecordedCurve.Of(history));
    }

    private Definition Definition => _milestone.Definition;
    private MilestoneState State => _milestone.State;
    private LocalDate Today => _now.InZone(_milestone.Zone).Date;

    public static IReadOnlyList<DrawnLine> Of(Milestone milestone, IReadOnlyList<Entry> history, Instant now, int width)
    {
        var sheet = new MilestoneSheet(milestone, history, now, width);
        sheet.Write();
        return sheet._sheet.Lines;
    }

    private void Write()
    {
        var page = new MilestoneStory(_milestone, _history, [], _now).Page(asOf: null, context: []);
        _sheet.Paragraph(Definition.Title, Ink.Strong);
        _sheet.Paragraph(
            $"{StatusMark.Of(State.Status)}{(_milestone.NeedsAttention(_now) ? " · (!) needs a look" : "")} · {Domain.Words.WithArticle(_milestone.Kind)} of {_milestone.SubjectName}",
            _milestone.NeedsAttention(_now) ? Ink.Look : Ink.Accent
        );
        _sheet.Paragraph(page.Standing);
        if (Picture() is { } picture)
        {
            _sheet.Break();
            _sheet.AddAll(WindowDrawing.Draw(picture, _sheet.Width));
        }
        _sheet.Break();
        WriteMoves();
        WriteReadings();
        _sheet.Break();
        WriteProgress(page.Row);
        WriteForecast();
        WriteWaiting(page.NextDates);
        _sheet.Break();
        if (Definition.CountsWhen is { } settles)
        {
            _sheet.Item("Settled by", $"{settles}{(page.CountsWhenIsOurs ? " (our wording)" : "")}");
        }
        _sheet.Item(
            "On record",
            $"{NumberWords.Count(_history.Count, "entry", "entries")}, `mw milestone history {_milestone.Slug}`; {Invariant($"revision {State.Revision}, position {State.Position}")}; days in {_milestone.Zone.Id}"
        );
    }

    /// <summary>Null where no date was ever promised.</summary>
    private WindowPicture? Picture()
    {
        if (State.Window is not { } window || _milestone.Phrase is not { } phrase)
        {
            return null;
        }
        return new WindowPicture
        {
            Promise = new DrawnPromise(phrase, window, _promises.Find(entry => entry.Position == State.WindowPosition)?.HappenedOn),
            Earlier =
            [
                .. _promises
                    .Where(entry => entry.Position != State.WindowPosition)
                    .Select(entry => new DrawnPromise(
                        entry.Body!.Change.PromiseSet()!.Phrase,
                        entry.Body.Change.PromiseSet()!.Window,
                        entry.HappenedOn
                    )),
            ],
            Today = Today,
            Settled = State.Status.IsFinal() && State.StatusOn is { } on ? (on, Words.Shape(State.Status)) : null,
            NeedsLook = _milestone.NeedsAttention(_now),
            Looks = [.. Of(EntryKind.Looked)],
            Evidence = [.. Of(EntryKind.EvidenceAdded), .. Of(EntryKind.ReadingAdded), .. Of(EntryKind.ProgressRecorded)],
            Forecast = [.. _forecast.Points.Select(point => point.Rounded)],
        };

        IEnumerable<LocalDate> Of(EntryKind kind) => _standing.Where(entry => entry.Kind == kind).Select(DayOf);
    }

    private void WriteMoves()
    {
        Window? before = null;
        foreach (var entry in _promises)
        {
            var promise = entry.Body!.Change.PromiseSet()!;
            var slip = before is { } was
                ? (Window.SlipInDays(was, promise.Window) is { } days ? $" · {DateWords.Slip(days)}" : " · no slip in days: an end is open")
                : "";
            _sheet.Item(
                before is null ? "First promise" : "Moved",
                $"“{promise.Phrase}”: {WindowWords.Range(promise.Window)}{slip} · {Credit(entry)}"
            );
            if (promise.Window.Alternative is { } other)
            {
                _sheet.Item("", $"{WindowWords.OtherReading(other)}: the phrase can mean either", Ink.Quiet);
            }
            if (entry.Body!.Quote is { } quote)
            {
                _sheet.Item("", entry.Body.Verbatim ? $"“{quote}”" : quote, Ink.Quiet);
            }
            if (entry.Body.Note is { } note)
            {
                _sheet.Item("", note);
            }
            before = promise.Window;
        }
        if (State is { Moves: > 0, FirstWindow: { } first, Window: { } last })
        {
            var total = Window.SlipInDays(first, last) is { } all ? DateWords.Slip(all) : "no slip in days: an end is open";
            _sheet.Item("In all", $"{total} in {NumberWords.Count(State.Moves, "move", "moves")}", Ink.Strong);
        }
    }

    private void WriteReadings()
    {
        foreach (var entry in _standing)
        {
            if (entry.Body?.Change is not ReadingAdded reading)
            {
                continue;
            }
            var means = reading.Means is { } said ? $", meaning {said}" : "";
            _sheet.Item(
                reading.Conflicts ? "Conflicting" : "Also printed",
                $"“{reading.Promise.Phrase}”: {WindowWords.Range(reading.Promise.Window)}{means} · {Credit(entry)}"
            );
            if (!State.Status.IsFinal())
            {
                _sheet.Item("", Invariant($"adopt it: mw reschedule {_milestone.Slug} --adopt {entry.Position}"), Ink.Quiet);
            }
        }
        if (Definition.Conflicts is { } disagreement)
        {
            _sheet.Item("Reports differ", disagreement);
        }
    }

    private void WriteProgress(MilestoneRow row)
    {
        if (row.Progress is { } progress)
        {
            var entry = _history.FirstOrDefault(one => one.Position == State.ProgressPosition);
            _sheet.Item("Progress", NumberWords.Progress(progress) + (entry is null ? "" : $" · {Credit(entry)}"));
        }
        if (row.Tally is { } tally)
        {
            _sheet.Item("Counted", NumberWords.Sentence(NumberWords.Tally(tally)) + ".");
            if (tally.Counted.Count > 0)
            {
                _sheet.Item("", string.Join(", ", tally.Counted));
            }
            if (Definition.Baseline.Count > 0)
            {
                _sheet.Item("Does not count", string.Join(", ", Definition.Baseline));
            }
        }
    }

    private void WriteForecast()
    {
        if (_forecast.Points is not { Count: > 0 } points)
        {
            return;
        }
        if (State.Window?.Latest is { } latest && _forecast.At(latest) is { } due)
        {
            _sheet.Item("Forecast", $"{Said(due)}, the window's last day", Ink.Strong);
        }
        var others = points.Where(point => point.By != State.Window?.Latest).ToList();
        for (var i = 0; i < others.Count; i++)
        {
            _sheet.Item(i == 0 && others.Count == points.Count ? "Forecast" : "", Said(others[i]));
        }
        _sheet.Item(
            "",
            Invariant(
                $"a forecast's weight halves every {Aggregate.HalfLife.TotalDays:0} days; `mw milestone forecast {_milestone.Slug}` shows whose"
            ),
            Ink.Quiet
        );

        static string Said(AggregatePoint point) =>
            $"{Domain.Words.AboutPercent(point.Rounded.Probability)} by {DateWords.Long(point.By)} ({NumberWords.Count(point.Analysts, "analyst", "analysts")})";
    }

    private void WriteWaiting(IReadOnlyList<NextDate> next)
    {
        _sheet.Item(
            "Last looked",
            State.LookedOn is { } looked ? $"{DateWords.Long(looked)}, {DateWords.Relative(looked, Today)}" : "never"
        );
        var waiting = Attention.Of(_milestone, _now);
        if (waiting.Count > 0)
        {
            _sheet.Item("Waits for you", NumberWords.Sentence(string.Join("; ", waiting.Select(Domain.Words.Of))), Ink.Look);
        }
        for (var i = 0; i < next.Count; i++)
        {
            _sheet.Item(
                i == 0 ? "Next checks" : "",
                $"{DateWords.Long(next[i].On)}, {DateWords.Relative(next[i].On, Today)}. {next[i].Sentence}"
            );
        }
    }

    /// <summary>Who said it, when and where; and how sure it is.</summary>
    private static string Credit(Entry entry)
    {
        if (entry.Body?.Source is not { } source)
        {
            return entry.HappenedOn is { } on ? $"no source, {DateWords.Long(on)}" : "no source";
        }
        var firstSeen = entry.Body.Change.PromiseSet() is { FirstSeen: true };
        string?[] parts =
        [
            source.Publisher,
            firstSeen && entry.HappenedOn is { } seen ? $"first seen {DateWords.Long(seen)}"
            : (source.PublishedOn ?? entry.HappenedOn) is { } day ? DateWords.Long(day)
            : null,
            entry.Body.Standing is { } standing and not Standing.Unclear ? StorySentence.Word(standing) : null,
            source.Url,
        ];
        return string.Join(", ", parts.OfType<string>());
    }

    private LocalDate DayOf(Entry entry) => entry.HappenedOn ?? entry.RecordedAt.InZone(_milestone.Zone).Date;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
