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
    private readonly NpgsqlConnection _connection;
    private readonly Instant _now;
    private readonly Watchlist _watchlist;
    private readonly RecordedWatchlist _recorded;
    private readonly Citations _citations;
    private readonly ImportDrafts _drafts;
    private readonly Saying _saying;
    private readonly long _subjectId;

    private WatchlistImport(Unit unit, Watchlist watchlist, Instant now, RecordedWatchlist recorded, Guid actor, long subjectId)
    {
        _connection = unit.Connection;
        _now = now;
        _watchlist = watchlist;
        _recorded = recorded;
        _subjectId = subjectId;
        var sources = watchlist.Sources.ToDictionary(source => source.Name, StringComparer.Ordinal);
        _citations = new Citations(unit, sources, now);
        _drafts = new ImportDrafts(actor, now);
        _saying = new Saying(recorded, sources);
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
        await using var unit = new Unit(connection);
        await unit.HoldAsync(ct);
        await ImportStore.LockAsync(connection, slug, ct);
        var import = new WatchlistImport(
            unit,
            watchlist,
            now,
            await WatchlistExport.ReadAsync(connection, (slug, name), ct),
            await SourceStore.EnsureUserAsync(unit, Actor, now, ct),
            await ImportStore.EnsureSubjectAsync(connection, slug, name, ct)
        );
        try
        {
            await import.RecordAsync(ct);
            if (!dryRun)
                await unit.CommitAsync(ct);
            return new ImportResult(import._drafts.Count, import._drafts.Lines, null);
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
        _saying.Say("as_of", _watchlist.AsOf);
        foreach (var source in _watchlist.Sources)
            _saying.Say($"sources/{source.Name}", source with { Line = 0 });
        var milestones = new MilestoneImport(_connection, _subjectId, _recorded, _citations, _saying, _drafts);
        foreach (var item in _watchlist.Milestones)
            await milestones.RecordAsync(item, ct);
        foreach (var item in _watchlist.Questions)
            await milestones.RecordAsync(item, ct);
        foreach (var quote in _saying.News("quotes", _watchlist.Quotes))
        {
            var source = await _citations.OfAsync(quote.Source, ct);
            var id = await ImportStore.AddQuoteAsync(_connection, _subjectId, quote.Who, quote.Says, quote.Verbatim, source?.Id, _now, ct);
            _saying.Stands("quotes", quote, id);
            _drafts.Lines.Add(new ImportLine(null, "quote", $"quote of {quote.Who}: {Slugs.Clip(quote.Says)}"));
        }
        foreach (var item in _saying.News("context", _watchlist.Context))
        {
            var source = await _citations.OfAsync(item.Source, ct);
            _saying.Stands(
                "context",
                item,
                await ImportStore.AddContextAsync(_connection, _subjectId, item.On, item.Text, source?.Id, _now, ct)
            );
            _drafts.Lines.Add(new ImportLine(null, "context", $"context: {Slugs.Clip(item.Text)}"));
        }
        _saying.Say("order/sources", _watchlist.Sources.Select(source => source.Name).ToList());
        _saying.Order("milestones", _watchlist.Milestones.Select(milestone => milestone.Slug));
        _saying.Order("questions", _watchlist.Questions.Select(question => question.Slug));
        var said = _saying.Facts(await _drafts.RecordAsync(_connection, ct));
        await ImportStore.SaveAsync(_connection, _watchlist.Subject.Slug, said, ct);
    }
}
