using System.Globalization;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>
/// Records what a watchlist says and had not said before, unless it is on record already. Each fact is compared with what this watchlist
/// last said, not with the current state, and absence changes nothing: importing twice, or after an analyst's change, reverts nobody.
/// One transaction: all of it or nothing.
/// </summary>
internal sealed class WatchlistImport
{
    private const string Actor = "watchlist";
    private readonly NpgsqlConnection connection;
    private readonly Instant now;
    private readonly Watchlist watchlist;
    private readonly RecordedWatchlist recorded;
    private readonly Dictionary<string, SourceItem> sources;
    private readonly Dictionary<string, Citation> citations = new(StringComparer.Ordinal);
    private readonly ImportDrafts drafts;
    private readonly Saying saying;
    private readonly long subjectId;

    private WatchlistImport(
        NpgsqlConnection connection,
        Watchlist watchlist,
        Instant now,
        RecordedWatchlist recorded,
        Guid actor,
        long subjectId
    )
    {
        this.connection = connection;
        this.now = now;
        this.watchlist = watchlist;
        this.recorded = recorded;
        this.subjectId = subjectId;
        sources = watchlist.Sources.ToDictionary(source => source.Name, StringComparer.Ordinal);
        drafts = new ImportDrafts(actor, now);
        saying = new Saying(recorded, sources);
    }

    /// <summary>Imports a valid watchlist at an instant.</summary>
    public static Task<ImportResult> RunAsync(NpgsqlDataSource database, Watchlist watchlist, Instant clock, CancellationToken ct) =>
        RunAsync(database, watchlist, clock, dryRun: false, ct);

    /// <summary>Tells what an import would record, and records nothing.</summary>
    public static Task<ImportResult> DryRunAsync(NpgsqlDataSource database, Watchlist watchlist, Instant clock, CancellationToken ct) =>
        RunAsync(database, watchlist, clock, dryRun: true, ct);

    private static async Task<ImportResult> RunAsync(
        NpgsqlDataSource database,
        Watchlist watchlist,
        Instant clock,
        bool dryRun,
        CancellationToken ct
    )
    {
        var now = Ledger.Micros(clock);
        var (slug, name) = (watchlist.Subject.Slug, watchlist.Subject.Name);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ImportStore.LockAsync(connection, slug, ct);
        var import = new WatchlistImport(
            connection,
            watchlist,
            now,
            await WatchlistExport.ReadAsync(connection, (slug, name), ct),
            await SourceStore.EnsureUserAsync(connection, Actor, now, ct),
            await ImportStore.EnsureSubjectAsync(connection, slug, name, ct)
        );
        try
        {
            await import.RecordAsync(ct);
            if (!dryRun)
                await transaction.CommitAsync(ct);
            return new ImportResult(import.drafts.Count, import.drafts.Lines, null);
        }
        catch (ImportRefusedException e)
        {
            return new ImportResult(0, [], e.Message);
        }
        catch (PostgresException e) when (e.SqlState is Ledger.StaleRevision or Ledger.ClockBehind)
        {
            return new ImportResult(0, [], $"{e.MessageText}; try again");
        }
    }

    private async Task RecordAsync(CancellationToken ct)
    {
        saying.Say("as_of", watchlist.AsOf);
        foreach (var source in watchlist.Sources)
            saying.Say($"sources/{source.Name}", source with { Line = 0 });
        foreach (var item in watchlist.Milestones)
            await MilestoneAsync(item, ct);
        foreach (var item in watchlist.Questions)
            await QuestionAsync(item, ct);
        foreach (var quote in saying.News("quotes", watchlist.Quotes))
        {
            var source = await CiteAsync(quote.Source, ct);
            var id = await ImportStore.AddQuoteAsync(connection, subjectId, quote.Who, quote.Says, quote.Verbatim, source?.Id, now, ct);
            saying.Stands("quotes", quote, id);
            drafts.Lines.Add(new ImportLine(null, "quote", $"quote of {quote.Who}: {Slugs.Clip(quote.Says)}"));
        }
        foreach (var item in saying.News("context", watchlist.Context))
        {
            var source = await CiteAsync(item.Source, ct);
            saying.Stands(
                "context",
                item,
                await ImportStore.AddContextAsync(connection, subjectId, item.On, item.Text, source?.Id, now, ct)
            );
            drafts.Lines.Add(new ImportLine(null, "context", $"context: {Slugs.Clip(item.Text)}"));
        }
        saying.Say("order/sources", watchlist.Sources.Select(source => source.Name).ToList());
        saying.Order("milestones", watchlist.Milestones.Select(milestone => milestone.Slug));
        saying.Order("questions", watchlist.Questions.Select(question => question.Slug));
        var said = saying.Facts(await drafts.RecordAsync(connection, ct));
        await ImportStore.SaveAsync(connection, watchlist.Subject.Slug, said, ct);
    }

    private async Task MilestoneAsync(MilestoneItem item, CancellationToken ct)
    {
        var at = $"milestones/{item.Slug}";
        var path = $"milestones[{item.Slug}]";
        var target = await TargetAsync(item.Slug, item.Kind, item.Zone, key => new FilePlace(item.LineOf(key), $"{path}.{key}"), ct);
        var onRecord = recorded.Watchlist.Milestones.FirstOrDefault(known => known.Slug == item.Slug);
        var definition = Worded(target, at, DefinitionFields.Of(item), onRecord is null ? [] : DefinitionFields.Of(onRecord));
        await PromiseAsync(target, item, definition, onRecord?.Promised, ct);
        await FactsAsync(target, $"{at}/readings", path, item.Readings, FactBodies.Of, reading => PublishedOn(reading.Source), ct);
        await FactsAsync(target, $"{at}/progress", path, item.Progress, FactBodies.Of, progress => progress.On, ct);
        await EvidenceAsync(target, at, path, item.Evidence, ct);
        await StatusAsync(target, at, path, item.Status, ct);
    }

    private async Task PromiseAsync(ImportTarget target, MilestoneItem item, Definition definition, Promise? onRecord, CancellationToken ct)
    {
        var at = $"milestones/{item.Slug}";
        var path = $"milestones[{item.Slug}]";
        var isNew = item.Promised is { } said && saying.Say($"{at}/promised", said.Bare(said.Source));
        if (target.State is not null)
        {
            Redefine(target, definition, new FilePlace(item.Line, path));
            saying.MayStand($"{at}/promises", item.Promised);
            if (isNew && onRecord?.Window != item.Promised!.Window)
                await MoveAsync(item.Promised, new FilePlace(item.Promised.Line, $"{path}.promised.phrase"));
            return;
        }
        IReadOnlyList<Promise> promises = item.Promised is null ? [] : [.. item.Earlier, item.Promised];
        var first = promises.Count > 0 ? promises[0] : null;
        var body = FactBodies.Beside(new Added(definition, first is null ? null : FactBodies.Promised(first)), first?.Remarks);
        var ordinal = drafts.Add(
            target,
            body with
            {
                Source = await CiteAsync(first?.Source, ct),
            },
            first?.OwnDate,
            new FilePlace(item.Line, path)
        );
        if (first is not null)
            saying.Stands($"{at}/promises", first, ordinal);
        foreach (var (i, promise) in promises.Skip(1).Index())
        {
            var key = i + 1 < item.Earlier.Count ? string.Create(CultureInfo.InvariantCulture, $"earlier[{i + 1}]") : "promised";
            await MoveAsync(promise, new FilePlace(promise.Line, $"{path}.{key}.phrase"));
        }

        async Task MoveAsync(Promise promise, FilePlace place)
        {
            var moved = FactBodies.Beside(new Rescheduled(FactBodies.Promised(promise)), promise.Remarks);
            var body = moved with { Source = await CiteAsync(promise.Source, ct) };
            saying.Stands($"{at}/promises", promise, drafts.Add(target, body, promise.OwnDate, place));
        }
    }

    private async Task QuestionAsync(QuestionItem item, CancellationToken ct)
    {
        var at = $"questions/{item.Slug}";
        var path = $"questions[{item.Slug}]";
        var place = new FilePlace(item.Line, path);
        var target = await TargetAsync(item.Slug, MilestoneKind.Question, zone: null, _ => place, ct);
        var onRecord = recorded.Watchlist.Questions.FirstOrDefault(known => known.Slug == item.Slug);
        var definition = Worded(target, at, DefinitionFields.Of(item), onRecord is null ? [] : DefinitionFields.Of(onRecord));
        if (target.State is null)
        {
            var body = new EntryBody(new Added(definition, null)) { Source = await CiteAsync(item.Source, ct) };
            saying.Stands($"{at}/added", item, drafts.Add(target, body, null, place));
        }
        else
        {
            Redefine(target, definition, place);
            saying.MayStand($"{at}/added", item);
        }
        await ImportStore.BearsOnAsync(connection, target.Recording.Id, item.About, ct);
        await EvidenceAsync(target, at, path, item.Evidence, ct);
        await StatusAsync(target, at, path, item.Status, ct);
    }

    private Task EvidenceAsync(ImportTarget target, string at, string path, IReadOnlyList<EvidenceItem> items, CancellationToken ct) =>
        FactsAsync(target, $"{at}/evidence", path, items, item => FactBodies.Of(item, target.Definition), item => item.On, ct);

    private async Task StatusAsync(ImportTarget target, string at, string path, StatusItem? item, CancellationToken ct)
    {
        saying.MayStand($"{at}/statuses", item);
        if (item is null || !saying.Say($"{at}/status", item.Bare(item.Source)) || target.State!.Status == item.Is)
            return;
        var body = FactBodies.Of(item) with { Source = await CiteAsync(item.Source, ct) };
        saying.Stands($"{at}/statuses", item, drafts.Add(target, body, item.On, new FilePlace(item.Line, $"{path}.status.is")));
    }

    private async Task FactsAsync<T>(
        ImportTarget target,
        string list,
        string path,
        IReadOnlyList<T> items,
        Func<T, EntryBody> read,
        Func<T, LocalDate?> on,
        CancellationToken ct
    )
        where T : IFact
    {
        var lines = items.Index().ToDictionary(item => (IFact)item.Item, item => item.Index, ReferenceEqualityComparer.Instance);
        foreach (var item in saying.News(list, items))
        {
            var key = $"{path}.{list[(list.LastIndexOf('/') + 1)..]}[{lines[item].ToString(CultureInfo.InvariantCulture)}]";
            var body = read(item) with { Source = await CiteAsync(item.Source, ct) };
            saying.Stands(list, item, drafts.Add(target, body, on(item), new FilePlace(item.Line, key)));
        }
    }

    /// <summary>The definition with what the file says anew of it, and the record does not.</summary>
    private Definition Worded(
        ImportTarget target,
        string at,
        IReadOnlyList<DefinitionFields.Field> said,
        IReadOnlyList<DefinitionFields.Field> onRecord
    ) =>
        said.Where(field => saying.SayText($"{at}/{field.Name}", field.Value))
            .Where(field => !onRecord.Any(known => known.Name == field.Name && known.Value == field.Value))
            .Aggregate(target.Definition, (definition, field) => field.Apply(definition));

    private void Redefine(ImportTarget target, Definition definition, FilePlace place)
    {
        if (SaidLast.Json(definition) != SaidLast.Json(target.Definition))
            drafts.Add(target, new EntryBody(new Redefined(definition)), null, place);
    }

    private async Task<ImportTarget> TargetAsync(
        string slug,
        MilestoneKind kind,
        string? zone,
        Func<string, FilePlace> place,
        CancellationToken ct
    )
    {
        if (recorded.Ledgers.TryGetValue(slug, out var known))
        {
            if (known.Milestone.Kind != kind)
            {
                throw new ImportRefusedException(
                    place("kind"),
                    $"it is on record as {Domain.Words.WithArticle(known.Milestone.Kind)}, which never changes; use another slug"
                );
            }
            return zone is null || zone == known.Milestone.Zone.Id
                ? drafts.Known(known.Milestone, known.History)
                : throw new ImportRefusedException(place("zone"), $"it is on record in {known.Milestone.Zone.Id}, which never changes");
        }
        if (await LedgerReader.FindAsync(connection, slug, long.MaxValue, ct) is { } other)
            throw new ImportRefusedException(place("slug"), $"it is a milestone of `{other.SubjectSlug}`; use another slug");
        var id = await ImportStore.AddMilestoneAsync(connection, subjectId, slug, LedgerJson.WriteEnum(kind), zone ?? "UTC", ct);
        return drafts.New(slug, id, kind, DateTimeZoneProviders.Tzdb[zone ?? "UTC"]);
    }

    private async Task<Citation?> CiteAsync(string? name, CancellationToken ct)
    {
        if (name is null)
            return null;
        if (!citations.TryGetValue(name, out var citation))
        {
            var source = sources[name];
            citation = await SourceStore.EnsureAsync(
                connection,
                new SourceNamed(source.Publisher, source.Title, source.Url?.OriginalString, source.PublishedOn),
                ct
            );
            citations[name] = citation;
        }
        return citation;
    }

    private LocalDate? PublishedOn(string? source) => source is null ? null : sources[source].PublishedOn;
}
