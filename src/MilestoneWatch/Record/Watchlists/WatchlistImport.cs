using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>
/// Records what a watchlist says and had not said before. Each fact is compared with what this watchlist last said, not with the current
/// state, and absence changes nothing: importing twice, or after an analyst's change, reverts nobody. One transaction: all of it or nothing.
/// </summary>
/// <remarks>Over 300 lines: one transaction from file to ledger, told in order.</remarks>
internal sealed class WatchlistImport
{
    private const string Actor = "watchlist";
    private readonly NpgsqlConnection _connection;
    private readonly Instant _now;
    private readonly Dictionary<string, SourceItem> _sources;
    private readonly Dictionary<string, string> _baseline;
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Citation> _citations = new(StringComparer.Ordinal);
    private readonly List<Draft> _drafts = [];
    private readonly Dictionary<long, int?> _expected = [];
    private readonly Guid _actor;
    private long _subjectId;

    private WatchlistImport(NpgsqlConnection connection, Watchlist watchlist, Instant now, Dictionary<string, string> baseline, Guid actor)
    {
        _connection = connection;
        _now = now;
        _sources = watchlist.Sources.ToDictionary(source => source.Name, StringComparer.Ordinal);
        _baseline = baseline;
        _actor = actor;
    }

    /// <summary>Imports a valid watchlist at an instant.</summary>
    /// <returns>How many entries were recorded, or why none was.</returns>
    public static async Task<(int Entries, string? Refused)> RunAsync(
        NpgsqlDataSource database,
        Watchlist watchlist,
        Instant clock,
        CancellationToken ct
    )
    {
        var now = Ledger.Micros(clock);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ImportStore.LockAsync(connection, watchlist.Subject.Slug, ct);
        var import = new WatchlistImport(
            connection,
            watchlist,
            now,
            await ImportStore.BaselineAsync(connection, watchlist.Subject.Slug, ct),
            await SourceStore.EnsureUserAsync(connection, Actor, now, ct)
        );
        try
        {
            if (await import.RecordAsync(watchlist, ct) is { } refused)
            {
                return (0, refused);
            }
            await transaction.CommitAsync(ct);
            return (import._drafts.Count, null);
        }
        catch (PostgresException e) when (e.SqlState is Ledger.StaleRevision or Ledger.ClockBehind)
        {
            return (0, $"{e.MessageText}; nothing was imported, try again");
        }
    }

    private async Task<string?> RecordAsync(Watchlist watchlist, CancellationToken ct)
    {
        _subjectId = await ImportStore.EnsureSubjectAsync(_connection, watchlist.Subject.Slug, watchlist.Subject.Name, ct);
        foreach (var item in watchlist.Milestones)
        {
            if (await MilestoneAsync(item, ct) is { } refused)
            {
                return refused;
            }
        }
        foreach (var item in watchlist.Questions)
        {
            if (await QuestionAsync(item, ct) is { } refused)
            {
                return refused;
            }
        }
        foreach (var quote in watchlist.Quotes)
        {
            if (IsNew(Key("quotes", quote with { Line = 0 }), ""))
            {
                var source = await CiteAsync(quote.Source, ct);
                await ImportStore.AddQuoteAsync(_connection, _subjectId, quote.Who, quote.Says, quote.Verbatim, source?.Id, _now, ct);
            }
        }
        foreach (var item in watchlist.Context)
        {
            if (IsNew(Key("context", item with { Line = 0 }), ""))
            {
                var source = await CiteAsync(item.Source, ct);
                await ImportStore.AddContextAsync(_connection, _subjectId, item.On, item.Text, source?.Id, _now, ct);
            }
        }
        if (_drafts.Count > 0)
        {
            await Ledger.AppendAsync(_connection, _now, _expected, _drafts, ct);
        }
        await ImportStore.SaveAsync(_connection, watchlist.Subject.Slug, _said, ct);
        return null;
    }

    private async Task<string?> MilestoneAsync(MilestoneItem item, CancellationToken ct)
    {
        var at = $"milestones/{item.Slug}";
        var target = await TargetAsync(item.Slug, item.Kind, item.Zone ?? "UTC", ct);
        if (target is null)
        {
            return $"line {item.Line}: milestones[{item.Slug}].kind: it is on record as another kind, which never changes; use another slug";
        }
        var promised = item.Promised is { } promise
            ? new Domain.Ledger.Promise(promise.Phrase, promise.Window) { FirstSeen = promise.On is null }
            : null;
        var promiseIsNew = promised is not null && IsNew($"{at}/promised", Json(item.Promised! with { Line = 0 }));
        var definition = DefinitionFields
            .Of(item)
            .Where(field => IsNew($"{at}/{field.Name}", field.Value))
            .Aggregate(target.Definition, (d, field) => field.Apply(d));
        if (target.State is null)
        {
            var body = new EntryBody(new Added(definition, promised)) { Source = await CiteAsync(item.Promised?.Source, ct) };
            Step(target, body, item.Promised?.OwnDate);
        }
        else
        {
            Redefine(target, definition);
            if (promiseIsNew && target.State.Window != promised!.Window)
            {
                var body = new EntryBody(new Rescheduled(promised)) { Source = await CiteAsync(item.Promised!.Source, ct) };
                Step(target, body, item.Promised.OwnDate);
            }
        }
        foreach (var reading in item.Readings.Where(reading => IsNew(Key($"{at}/readings", reading with { Line = 0 }), "")))
        {
            var body = new EntryBody(
                new ReadingAdded(new Domain.Ledger.Promise(reading.Phrase, reading.Window), reading.Means, reading.Conflicts)
            )
            {
                Note = reading.Note,
                Source = await CiteAsync(reading.Source, ct),
            };
            Step(target, body, PublishedOn(reading.Source));
        }
        foreach (var progress in item.Progress.Where(progress => IsNew(Key($"{at}/progress", progress with { Line = 0 }), "")))
        {
            var body = new EntryBody(new ProgressRecorded(progress.Value))
            {
                Note = progress.Note,
                Standing = progress.Standing,
                Source = await CiteAsync(progress.Source, ct),
            };
            Step(target, body, progress.On);
        }
        await EvidenceAsync(target, at, item.Evidence, ct);
        return target.Refused is { } why ? $"line {item.Line}: milestones[{item.Slug}]: {why}" : null;
    }

    private async Task<string?> QuestionAsync(QuestionItem item, CancellationToken ct)
    {
        var at = $"questions/{item.Slug}";
        var target = await TargetAsync(item.Slug, MilestoneKind.Question, "UTC", ct);
        if (target is null)
        {
            return $"line {item.Line}: questions[{item.Slug}]: a milestone has that slug; use another";
        }
        var definition = DefinitionFields
            .Of(item)
            .Where(field => IsNew($"{at}/{field.Name}", field.Value))
            .Aggregate(target.Definition, (d, field) => field.Apply(d));
        if (target.State is null)
        {
            Step(target, new EntryBody(new Added(definition, null)) { Source = await CiteAsync(item.Source, ct) }, null);
        }
        else
        {
            Redefine(target, definition);
        }
        await ImportStore.BearsOnAsync(_connection, target.Recording.Id, item.About, ct);
        await EvidenceAsync(target, at, item.Evidence, ct);
        return target.Refused is { } why ? $"line {item.Line}: questions[{item.Slug}]: {why}" : null;
    }

    private async Task EvidenceAsync(Target target, string at, IReadOnlyList<EvidenceItem> items, CancellationToken ct)
    {
        foreach (var item in items.Where(item => IsNew(Key($"{at}/evidence", item with { Line = 0 }), "")))
        {
            var definition = target.Definition;
            var body = new EntryBody(
                new EvidenceAdded(
                    item.Stance,
                    item.Name,
                    item.Name is null ? null : TallyNames.KeyIn(definition, item.Name),
                    item.Relation,
                    TallyNames.Counts(definition, item.Name, item.Relation)
                )
            )
            {
                Quote = item.Quote,
                Verbatim = item.Verbatim,
                Standing = item.Standing,
                Ours = item.Ours.Contains("quote"),
                Source = await CiteAsync(item.Source, ct),
            };
            Step(target, body, item.On);
        }
    }

    private void Redefine(Target target, Definition definition)
    {
        if (Json(definition) != Json(target.Definition))
        {
            Step(target, new EntryBody(new Redefined(definition)), null);
        }
    }

    private void Step(Target target, EntryBody body, LocalDate? happenedOn)
    {
        if (target.Refused is null)
        {
            target.Refused = target.Recording.Add(body, happenedOn, _actor)?.Reason;
            _expected.TryAdd(target.Recording.Id, target.Revision);
        }
    }

    private async Task<Target?> TargetAsync(string slug, MilestoneKind kind, string zone, CancellationToken ct)
    {
        if (await LedgerReader.FindAsync(_connection, slug, long.MaxValue, ct) is { } known)
        {
            if (known.Kind != kind)
            {
                return null;
            }
            var history = (await LedgerReader.HistoryAsync(_connection, [known.Id], long.MaxValue, ct))[known.Id];
            return new Target(new Recording(known, Refold.CountedIn(history, []), _drafts, _now), known.State.Revision);
        }
        var id = await ImportStore.AddMilestoneAsync(_connection, _subjectId, slug, LedgerJson.WriteEnum(kind), zone, ct);
        return new Target(new Recording(id, kind, DateTimeZoneProviders.Tzdb[zone], _drafts, _now), 0);
    }

    private async Task<Citation?> CiteAsync(string? name, CancellationToken ct)
    {
        if (name is null)
        {
            return null;
        }
        if (!_citations.TryGetValue(name, out var citation))
        {
            var source = _sources[name];
            citation = await SourceStore.EnsureAsync(
                _connection,
                new SourceNamed(source.Publisher, source.Title, source.Url?.OriginalString, source.PublishedOn),
                ct
            );
            _citations[name] = citation;
        }
        return citation;
    }

    private LocalDate? PublishedOn(string? source) => source is null ? null : _sources[source].PublishedOn;

    /// <summary>Whether the watchlist says something that it did not say last time.</summary>
    private bool IsNew(string key, string value)
    {
        if (_baseline.TryGetValue(key, out var last) && last == value)
        {
            return false;
        }
        _said[key] = value;
        return true;
    }

    // a list's item has no name of its own: what it says is its key
    private static string Key<T>(string list, T item) =>
        $"{list}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Json(item))))[..16]}";

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, LedgerJson.Options);

    /// <summary>A milestone while its facts are folded in; nothing more is once one is refused.</summary>
    private sealed class Target(Recording recording, int revision)
    {
        public Recording Recording => recording;
        public int Revision => revision;
        public MilestoneState? State => recording.State;
        public Definition Definition => recording.Definition;
        public string? Refused { get; set; }
    }
}
