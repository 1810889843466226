using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Web.Views;
using MilestoneWatch.Web.Words;
using NodaTime;

namespace MilestoneWatch.Web;

/// <summary>Turns a milestone's entries into what its page and its row on the board show.</summary>
internal sealed class MilestoneStory
{
    private readonly Milestone _milestone;
    private readonly IReadOnlyList<Entry> _history;
    private readonly IReadOnlyList<Milestone> _all;
    private readonly Instant _at;
    private readonly LocalDate _today;
    private readonly Dictionary<long, Entry> _retractions;
    private readonly List<Footnote> _footnotes = [];
    private readonly Dictionary<long, int> _numbers = [];

    public MilestoneStory(Milestone milestone, IReadOnlyList<Entry> history, IReadOnlyList<Milestone> all, Instant at)
    {
        (_milestone, _history, _all, _at) = (milestone, history, all, at);
        _today = at.InZone(milestone.Zone).Date;
        _retractions = history.Where(entry => entry.Kind == EntryKind.Retracted).ToDictionary(entry => entry.Retracts!.Value);
    }

    private MilestoneState State => _milestone.State;
    private Definition Definition => _milestone.Definition;
    private IEnumerable<Entry> Standing => _history.Where(entry => !_retractions.ContainsKey(entry.Position));

    public MilestoneRow Row()
    {
        var promises = Standing
            .Where(entry => entry.Body?.Change is Rescheduled or Added { Promise: not null })
            .OrderBy(entry => entry.Position)
            .ToList();
        return new MilestoneRow
        {
            Slug = _milestone.Slug,
            Title = Definition.Title,
            Name = Definition.CalledBriefly(),
            Kind = _milestone.Kind,
            Status = State.Status,
            Attention = _milestone.NeedsAttention(_at)
                ? $"the window has closed and {Nothing()} is on record. That is silence, not proof of a miss."
                : null,
            Promise = promises.Find(entry => entry.Position == State.WindowPosition) is { } now ? PromiseOf(now) : null,
            Earlier = [.. promises.Where(entry => entry.Position != State.WindowPosition).Select(PromiseOf)],
            Progress = Progress(),
            Tally = _milestone.Kind == MilestoneKind.Tally ? Tally() : null,
            About = [.. Definition.About.SelectMany(slug => _all.Where(other => other.Slug == slug)).Select(Link)],
            Looks = [.. Standing.Where(entry => entry.Kind == EntryKind.Looked).Select(DayOf)],
            Evidence =
            [
                .. Standing
                    .Where(entry => entry.Kind is EntryKind.EvidenceAdded or EntryKind.ReadingAdded or EntryKind.ProgressRecorded)
                    .Select(DayOf),
            ],
            Forecast = [.. new Aggregate(RecordedCurve.Of(_history)).Points.Select(point => point.Rounded)],
            SettledOn = State.Status.IsFinal() ? State.StatusOn : null,
            LastChange = Standing.LastOrDefault(entry => entry.Kind is not (EntryKind.Redefined or EntryKind.GoneQuiet)) is { } last
                ? new LastChange(DayOf(last), StorySentence.Brief(last))
                : null,
        };
    }

    /// <param name="asOf">The day asked about; null for now.</param>
    /// <param name="context">What is worth knowing beside it.</param>
    public MilestoneView Page(LocalDate? asOf, IReadOnlyList<(LocalDate? On, string Says, Citation? Source)> context)
    {
        var row = Row();
        var readings = Standing.Where(entry => entry.Kind == EntryKind.ReadingAdded && entry.Body is not null).Select(Reading).ToList();
        var story = _history.Where(entry => entry.Kind is not (EntryKind.Retracted or EntryKind.Redacted)).Reverse().Select(Tell).ToList();
        return new MilestoneView
        {
            SubjectName = _milestone.SubjectName,
            Today = _today,
            AsOf = asOf,
            Zone = _milestone.Zone,
            Row = row,
            Standing = WhereItStands(row),
            Detail = Definition.Detail,
            CountsWhen = Definition.CountsWhen,
            CountsWhenIsOurs = Definition.Ours.Contains("counts_when", StringComparer.Ordinal),
            Conflict = Definition.Conflicts,
            Readings = readings,
            Progress = _milestone.Kind == MilestoneKind.Quantity ? ProgressPoints() : [],
            ForecastOverTime = ForecastStory.OverTime(_history, _milestone.Zone),
            ForecastNow = ForecastStory.Now(_history, State),
            Story = story,
            NextDates = NextDates(),
            BearsOn = [.. _all.Where(question => question.Definition.About.Contains(_milestone.Slug, StringComparer.Ordinal)).Select(Link)],
            Context =
            [
                .. context.Select(item => new ContextItem(
                    item.On,
                    item.Says,
                    item.Source is { } source ? Cite(source, standing: null) : null
                )),
            ],
            Sources = _footnotes,
        };
    }

    /// <summary>The footnote's number; a source is listed once.</summary>
    private int Cite(Citation source, Standing? standing)
    {
        if (!_numbers.TryGetValue(source.Id, out var number))
        {
            number = _footnotes.Count + 1;
            _numbers[source.Id] = number;
            _footnotes.Add(
                new Footnote(number, source.Publisher, source.Title, source.Url, source.PublishedOn, Standing: WordOf(standing))
            );
        }
        return number;
    }

    private string Nothing() => Definition.Outcome is { } outcome ? $"no {outcome}" : "nothing";

    private string WhereItStands(MilestoneRow row)
    {
        if (State.Status.IsFinal())
        {
            return NumberWords.Sentence($"{Domain.Words.Of(State.Status)}{(State.StatusOn is { } on ? $" on {DateWords.Long(on)}" : "")}.");
        }
        if (_milestone.Kind == MilestoneKind.Question)
        {
            return "Open: nothing on record answers it yet.";
        }
        var progress = row.Progress is { Value: not null } known ? $"{NumberWords.Sentence(NumberWords.Progress(known))}. " : "";
        if (row.Promise is not { } promise)
        {
            return $"{progress}No date was promised.";
        }
        var moved = State.Moves > 0 && row.SlipInDays is { } slip && slip != 0 ? $", {DateWords.Moved(slip)} since the first promise" : "";
        return promise.Window.Latest switch
        {
            null => $"{progress}Promised for “{promise.Phrase}”, {WindowWords.Range(promise.Window)}{moved}.",
            { } latest when latest < _today =>
                $"{progress}Promised for “{promise.Phrase}”. The window ended on {DateWords.Long(latest)}, {DateWords.Relative(latest, _today)}, with {Nothing()} on record{moved}.",
            { } latest =>
                $"{progress}Promised for “{promise.Phrase}”, so by {DateWords.Long(latest)}, {DateWords.Relative(latest, _today)}{moved}.",
        };
    }

    private PromiseView PromiseOf(Entry entry)
    {
        var promise = entry.Body!.Change.PromiseSet()!;
        return new PromiseView(
            promise.Phrase,
            promise.Window,
            promise.FirstSeen ? null : entry.HappenedOn,
            promise.FirstSeen ? entry.HappenedOn : null,
            entry.Body.Source?.Publisher,
            FootnoteOf(entry)
        );
    }

    private ProgressView? Progress()
    {
        if (_milestone.Kind != MilestoneKind.Quantity || Definition.Target is not { } target)
        {
            return null;
        }
        var standing = _history.FirstOrDefault(entry => entry.Position == State.ProgressPosition)?.Body?.Standing;
        return new ProgressView(
            State.Progress,
            target,
            Definition.Unit ?? "",
            State.ProgressOn,
            WordOf(standing),
            Definition.Direction != Direction.AtMost
        );
    }

    /// <summary>The readings by day; where a day has several, the last that was recorded.</summary>
    private List<ProgressPoint> ProgressPoints() =>
        [
            .. Standing
                .Where(entry => entry.Body?.Change is ProgressRecorded)
                .GroupBy(DayOf)
                .OrderBy(day => day.Key)
                .Select(day => day.Last())
                .Select(entry => new ProgressPoint(
                    DayOf(entry),
                    ((ProgressRecorded)entry.Body!.Change).Value,
                    WordOf(entry.Body.Standing),
                    FootnoteOf(entry)
                )),
        ];

    private TallyView Tally()
    {
        var keys = Refold.CountedIn(_history, []);
        var names = Standing
            .Select(entry => entry.Body?.Change)
            .OfType<EvidenceAdded>()
            .Where(evidence => evidence is { Counts: true, NameKey: { } key } && keys.Remove(key))
            .Select(evidence => evidence.Name!);
        return new TallyView([.. names], Definition.Baseline, Definition.Threshold);
    }

    private ReadingView Reading(Entry entry)
    {
        var reading = (ReadingAdded)entry.Body!.Change;
        return new ReadingView(
            reading.Promise.Phrase,
            entry.Body.Source?.Publisher ?? "Another source",
            reading.Means,
            reading.Conflicts,
            FootnoteOf(entry)
        );
    }

    private StoryEntry Tell(Entry entry)
    {
        var retraction = _retractions.GetValueOrDefault(entry.Position);
        return new StoryEntry(
            DayOf(entry),
            StorySentence.Kind(entry),
            StorySentence.Of(entry, _history, Definition),
            entry.Body?.Note,
            entry.Body?.Quote is { } quote ? new QuoteView(quote, entry.Body.Verbatim) : null,
            FootnoteOf(entry),
            retraction is not null,
            retraction?.Body?.Change is Retracted { Reason: var reason } ? NumberWords.Sentence(reason.TrimEnd('.')) + "." : null,
            // what the clock said has no source to name
            entry.Kind.IsDerived()
                ? null
                : entry.RecordedAt,
            entry.Kind is not (EntryKind.Forecast or EntryKind.Looked or EntryKind.Reopened)
        )
        {
            Publisher = entry.Body?.Source?.Publisher,
            Standing = WordOf(entry.Body?.Standing),
            TakenBackOn = _retractions.GetValueOrDefault(entry.Position) is { } taken ? DayOf(taken) : null,
        };
    }

    private List<NextDate> NextDates()
    {
        return
        [
            .. _milestone
                .Occasions()
                .Where(occasion => occasion.At > _at)
                .Select(occasion => new NextDate(occasion.At.InZone(_milestone.Zone).Date, StorySentence.Upcoming(occasion.Said))),
        ];
    }

    private int? FootnoteOf(Entry entry) => entry.Body?.Source is { } source ? Cite(source, entry.Body.Standing) : null;

    private static string? WordOf(Standing? standing) =>
        standing is { } known and not Domain.Evidence.Standing.Unclear ? StorySentence.Word(known) : null;

    private LocalDate DayOf(Entry entry) => entry.HappenedOn ?? (entry.HappenedAt ?? entry.RecordedAt).InZone(_milestone.Zone).Date;

    private static MilestoneLink Link(Milestone milestone) => new(milestone.Slug, milestone.Definition.Title, milestone.State.Status);
}
