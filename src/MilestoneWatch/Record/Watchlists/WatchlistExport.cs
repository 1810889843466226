using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Reads what is on record of a subject as a watchlist: the facts that hold now, not the ledger.</summary>
internal sealed class WatchlistExport
{
    private readonly SaidLast said;
    private readonly LocalDate? asOf;
    private readonly SourceNames sources;
    private readonly Dictionary<(string List, long At), FactLink> links = [];
    private readonly List<(string List, IFact Fact, long At)> placed = [];

    private WatchlistExport(SaidLast said)
    {
        this.said = said;
        asOf = said.Read<LocalDate?>("as_of");
        sources = new SourceNames(said.Sources(), said.Order<string>("sources"));
        foreach (var (list, _, link) in said.Links())
            links[(list, link.At)] = link;
    }

    /// <param name="connection">In a transaction that sees one state of the database, where the export must be of one moment.</param>
    /// <param name="subject">Its slug and name; nothing is on record of one that is not known.</param>
    /// <param name="ct">Stops reading.</param>
    public static async Task<RecordedWatchlist> ReadAsync(
        NpgsqlConnection connection,
        (string Slug, string Name) subject,
        CancellationToken ct
    )
    {
        var export = new WatchlistExport(new SaidLast(await ImportStore.BaselineAsync(connection, subject.Slug, ct)));
        var ids = await ExportStore.MilestoneIdsAsync(connection, subject.Slug, ct);
        var histories = await LedgerReader.HistoryAsync(connection, ids, long.MaxValue, ct);
        var ledgers = (await LedgerReader.MilestonesAsync(connection, long.MaxValue, ct, ids: ids)).ToDictionary(
            milestone => milestone.Slug,
            milestone => (milestone, (IReadOnlyList<Entry>)[.. histories[milestone.Id]]),
            StringComparer.Ordinal
        );
        return export.Told(
            subject,
            ledgers,
            await ExportStore.QuotesAsync(connection, subject.Slug, ct),
            await ExportStore.ContextAsync(connection, subject.Slug, ct)
        );
    }

    private RecordedWatchlist Told(
        (string Slug, string Name) subject,
        Dictionary<string, (Milestone Milestone, IReadOnlyList<Entry> History)> ledgers,
        IReadOnlyList<ExportStore.Said> quotes,
        IReadOnlyList<ExportStore.Said> context
    )
    {
        var milestones = InOrder("milestones", ledgers.Values.Where(l => l.Milestone.Kind != MilestoneKind.Question), l => l.Milestone.Slug)
            .Select(ledger => Milestone(ledger.Milestone, ledger.History))
            .ToList();
        var slugs = milestones.Select(milestone => milestone.Slug).ToHashSet(StringComparer.Ordinal);
        var questions = InOrder("questions", ledgers.Values.Where(l => l.Milestone.Kind == MilestoneKind.Question), l => l.Milestone.Slug)
            .Select(ledger => Question(ledger.Milestone, ledger.History, slugs))
            .ToList();
        var quoteItems = Facts(
            "quotes",
            quotes.Select(row => (row.Id, Source: row.Source, Row: row)),
            (row, source, _) => new QuoteItem(row.Who, row.Says, row.Verbatim, source, 0)
        );
        var contextItems = Facts(
            "context",
            context.Select(row => (row.Id, Source: row.Source, Row: row)),
            (row, source, _) => new ContextItem(row.HappenedOn, row.Says, source, 0)
        );
        var watchlist = new Watchlist(
            new SubjectItem(subject.Slug, subject.Name, 0),
            asOf,
            sources.Used(),
            milestones,
            questions,
            quoteItems,
            contextItems
        );
        var recorded = new RecordedWatchlist(watchlist, said) { Ledgers = ledgers };
        foreach (var (list, fact, at) in placed)
            recorded.Stands(list, fact, at);
        return recorded;
    }

    private MilestoneItem Milestone(Milestone milestone, IReadOnlyList<Entry> history)
    {
        var at = $"milestones/{milestone.Slug}";
        var holds = history.Standing();
        var promises = holds
            .Where(entry => entry.Position == milestone.State.WindowPosition || IsPromise(entry))
            .Select(entry => Promise($"{at}/promises", entry))
            .ToList();
        var item = FactItems.Milestone(milestone);
        var tally = milestone.Kind == MilestoneKind.Tally;
        var evidence = Evidence(at, holds, tally);
        item = item with
        {
            Relations = tally ? WithThoseOf(evidence, item.Relations) : item.Relations,
            // what is read where none is given
            Zone = promises.Count == 0 && item.Zone == "UTC" ? null : item.Zone,
            Status = Status(at, milestone, history, evidence),
            Promised = promises.Count == 0 ? null : promises[^1],
            Earlier = promises.Count == 0 ? [] : promises[..^1],
            Readings = Facts(
                $"{at}/readings",
                Of(holds, EntryKind.ReadingAdded),
                (entry, source, _) => FactItems.Reading(entry, sources[source], asOf)
            ),
            Progress = Facts(
                $"{at}/progress",
                Of(holds, EntryKind.ProgressRecorded),
                (entry, source, _) => FactItems.Progress(entry, source)
            ),
            Evidence = evidence,
        };
        return item with { Ours = Beside(item.Ours, WatchlistTree.Of(item).Select(pair => pair.Key)) };
    }

    private QuestionItem Question(Milestone milestone, IReadOnlyList<Entry> history, HashSet<string> slugs)
    {
        var at = $"questions/{milestone.Slug}";
        var item = new QuestionItem(
            milestone.Slug,
            FactItems.Line(milestone.Definition.Title) ?? milestone.Slug,
            [.. milestone.Definition.About.Where(slugs.Contains).Distinct(StringComparer.Ordinal)],
            Source($"{at}/added", history[0]),
            Status: null,
            Evidence(at, history.Standing(), tally: false),
            0
        );
        placed.Add(($"{at}/added", item, history[0].Position));
        return item with { Status = Status(at, milestone, history, item.Evidence) };
    }

    private List<EvidenceItem> Evidence(string at, IReadOnlyList<Entry> holds, bool tally) =>
        Facts(
            $"{at}/evidence",
            Of(holds.Where(entry => IsNamed(entry) == tally), EntryKind.EvidenceAdded),
            (entry, source, link) =>
            {
                var item = FactItems.Evidence(entry, source, link);
                return item with { Ours = Beside(item.Ours, WatchlistTree.Of(item).Select(pair => pair.Key)) };
            }
        );

    private static bool IsNamed(Entry entry) =>
        entry.Body?.Change is EvidenceAdded said
        && FactItems.Line(said.Name) is not null
        && FactItems.Line(said.Relation) is { Length: <= Slugs.MaxLength };

    /// <summary>A relation that evidence names and a later wording dropped is said not to count.</summary>
    private static Dictionary<string, bool> WithThoseOf(IEnumerable<EvidenceItem> evidence, IReadOnlyDictionary<string, bool> relations)
    {
        var all = new Dictionary<string, bool>(relations, StringComparer.Ordinal);
        foreach (var item in evidence)
            all.TryAdd(item.Relation!, false);
        return all;
    }

    private StatusItem? Status(string at, Milestone milestone, IReadOnlyList<Entry> history, IReadOnlyList<EvidenceItem> evidence)
    {
        if (milestone.State.Status == Statuses.Initial(milestone.Kind))
            return null;
        var entry = history.First(e => e.Position == milestone.State.StatusPosition);
        var list = $"{at}/statuses";
        return Placed(list, entry, FactItems.Status(milestone.State.Status, entry, Source(list, entry), evidence.Any(FactItems.IsProof)));
    }

    private Promise Promise(string list, Entry entry) => Placed(list, entry, FactItems.Promise(entry, Source(list, entry), asOf));

    private T Placed<T>(string list, Entry entry, T fact)
        where T : IFact
    {
        placed.Add((list, fact, entry.Position));
        return fact;
    }

    private string? Source(string list, Entry entry) => sources.NameOf(entry.Body?.Source, links.GetValueOrDefault((list, entry.Position)));

    /// <summary>The facts of a list, each once, in the file's order; what only analysts recorded comes after, as it was recorded.</summary>
    private List<T> Facts<TRow, T>(
        string list,
        IEnumerable<(long At, Citation? Source, TRow Row)> rows,
        Func<TRow, string?, FactLink?, T> read
    )
        where T : IFact
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        var facts = new List<T>();
        foreach (var (at, citation, row) in InOrder(list, rows, row => row.At))
        {
            var link = links.GetValueOrDefault((list, at));
            var fact = read(row, sources.NameOf(citation, link), link);
            if (!told.Add(RecordedWatchlist.Content(fact, fact.Source)))
                continue;
            facts.Add(fact);
            placed.Add((list, fact, at));
        }
        return facts;
    }

    private List<T> InOrder<T, TKey>(string list, IEnumerable<T> items, Func<T, TKey> key)
        where TKey : notnull
    {
        var order = said.Order<TKey>(list).Index().ToDictionary(place => place.Item, place => place.Index);
        return [.. items.OrderBy(item => order.GetValueOrDefault(key(item), int.MaxValue))];
    }

    private static IEnumerable<(long At, Citation? Source, Entry Row)> Of(IEnumerable<Entry> entries, EntryKind kind) =>
        entries.Where(entry => entry.Kind == kind && entry.Body is not null).Select(entry => (entry.Position, entry.Body!.Source, entry));

    private static bool IsPromise(Entry entry) =>
        entry.Kind == EntryKind.Rescheduled || (entry.Kind == EntryKind.Added && entry.State.WindowPosition == entry.Position);

    private static HashSet<string> Beside(IReadOnlySet<string> ours, IEnumerable<string> keys) =>
        keys.Where(key => key != "ours" && ours.Contains(key)).ToHashSet(StringComparer.Ordinal);
}
