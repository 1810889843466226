using System.Globalization;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>What a file says of a milestone or a question, drafted in the order in which the ledger can take it: its status comes last.</summary>
internal sealed class MilestoneImport(
    NpgsqlConnection connection,
    long subjectId,
    RecordedWatchlist recorded,
    Citations citations,
    Saying saying,
    ImportDrafts drafts
)
{
    public async Task RecordAsync(MilestoneItem item, CancellationToken ct)
    {
        var at = $"milestones/{item.Slug}";
        var path = $"milestones[{item.Slug}]";
        var target = await TargetAsync(item.Slug, item.Kind, item.Zone, key => new FilePlace(item.LineOf(key), $"{path}.{key}"), ct);
        var onRecord = recorded.Watchlist.Milestones.FirstOrDefault(known => known.Slug == item.Slug);
        var definition = Worded(target, at, DefinitionFields.Of(item), onRecord is null ? [] : DefinitionFields.Of(onRecord));
        await PromiseAsync(target, item, definition, onRecord?.Promised, ct);
        await FactsAsync(
            target,
            $"{at}/readings",
            path,
            item.Readings,
            FactBodies.Of,
            reading => citations.PublishedOn(reading.Source),
            ct
        );
        await FactsAsync(target, $"{at}/progress", path, item.Progress, FactBodies.Of, progress => progress.On, ct);
        await EvidenceAsync(target, at, path, item.Evidence, ct);
        await StatusAsync(target, at, path, item.Status, ct);
    }

    private async Task PromiseAsync(ImportTarget target, MilestoneItem item, Definition definition, Promise? onRecord, CancellationToken ct)
    {
        var at = $"milestones/{item.Slug}";
        var path = $"milestones[{item.Slug}]";
        var isNew = item.Promised is { } said && saying.SayMarked($"{at}/promised", SaidLast.Json(said.Bare(said.Source)));
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
        var added = FactBodies.Beside(new Added(definition, first is null ? null : FactBodies.Promised(first)), first?.Remarks);
        var ordinal = drafts.Add(
            target,
            added with
            {
                Source = await citations.OfAsync(first?.Source, ct),
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
            var body = moved with { Source = await citations.OfAsync(promise.Source, ct) };
            saying.Stands($"{at}/promises", promise, drafts.Add(target, body, promise.OwnDate, place));
        }
    }

    public async Task RecordAsync(QuestionItem item, CancellationToken ct)
    {
        var at = $"questions/{item.Slug}";
        var path = $"questions[{item.Slug}]";
        var place = new FilePlace(item.Line, path);
        var target = await TargetAsync(item.Slug, MilestoneKind.Question, zone: null, _ => place, ct);
        var onRecord = recorded.Watchlist.Questions.FirstOrDefault(known => known.Slug == item.Slug);
        var definition = Worded(target, at, DefinitionFields.Of(item), onRecord is null ? [] : DefinitionFields.Of(onRecord));
        if (target.State is null)
        {
            var body = new EntryBody(new Added(definition, null)) { Source = await citations.OfAsync(item.Source, ct) };
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
        if (item is null || !saying.SayMarked($"{at}/status", SaidLast.Json(item.Bare(item.Source))) || target.State!.Status == item.Is)
            return;
        var body = FactBodies.Of(item) with { Source = await citations.OfAsync(item.Source, ct) };
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
        where T : class, IFact
    {
        foreach (var item in saying.News(list, items))
        {
            var index = items.Index().First(known => ReferenceEquals(known.Item, item)).Index;
            var key = string.Create(CultureInfo.InvariantCulture, $"{path}.{list[(list.LastIndexOf('/') + 1)..]}[{index}]");
            var body = read(item) with { Source = await citations.OfAsync(item.Source, ct) };
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
        said.Where(field => saying.SayMarked($"{at}/{field.Name}", field.Value))
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
}
