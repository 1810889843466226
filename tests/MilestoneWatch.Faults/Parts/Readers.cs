using System.Globalization;
using Microsoft.Extensions.Configuration;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Faults;

/// <summary>A watchlist of one promise, readers who follow it, and news for them as often as asked.</summary>
internal sealed class Readers : IAsyncDisposable
{
    private const string Watchlist = """
        subject: {slug: acme, name: Acme}
        as_of: 2026-05-28
        sources:
          site: {publisher: Acme, url: "https://acme.example/news"}
        milestones:
          - slug: site
            title: The site opens
            name: The site
            short_name: site
            outcome: opening
            kind: event
            counts_when: Acme says that it is open.
            zone: Europe/Paris
            quiet_days: 0
            promised: {phrase: "Q4 2031", on: 2026-05-28, source: site}
        """;

    private readonly Stage _stage;
    private readonly Installation _mw;
    private int _news;

    private Readers(Stage stage, Installation mw, int count) => (_stage, _mw, Count) = (stage, mw, count);

    public int Count { get; }

    public static async Task<Readers> JoinAsync(Stage stage, int count, CancellationToken ct)
    {
        var settings = Settings.From(
            new ConfigurationBuilder()
                .AddInMemoryCollection([
                    new("ConnectionStrings:MilestoneWatch", stage.Postgres.Application),
                    new("Environment", "Test"),
                    new("Mail:Pickup", stage.Folder),
                ])
                .Build()
        );
        var mw = await Installation.OpenAsync(settings, Stage.Say, ct);
        var file = Path.Combine(stage.Folder, "watchlist.yaml");
        await File.WriteAllTextAsync(file, Watchlist, ct);
        await mw.ImportAsync(file, dryRun: false, ct);
        await stage.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                with joined as (
                    insert into subscribers (email, email_key, state, cadence, at_time, day, zone, position, next_due_at, tz_version, created_at,
                        confirmed_at, nothing_changed)
                    select 'reader' || n || '@d' || n % 97 || '.example.org', 'READER' || n || '@D' || n % 97 || '.EXAMPLE.ORG', 'active',
                        'daily', '08:00', 0, 'Europe/Paris', (select max(position) from entries), now() + interval '3 days',
                        '{DateTimeZoneProviders.Tzdb.VersionId}', now(), now(), false
                    from generate_series(1, {count}) n returning id, position)
                insert into topics (subscriber_id, kind, since) select id, 'all', position from joined
                """
            ),
            ct
        );
        return new Readers(stage, mw, count);
    }

    /// <summary>The promise moves once more.</summary>
    public async Task NewsAsync(CancellationToken ct)
    {
        var phrase = string.Create(CultureInfo.InvariantCulture, $"Q{1 + (_news % 4)} {2032 + (_news / 4)}");
        _news++;
        var on = SystemClock.Instance.GetCurrentInstant().InUtc().Date;
        if (!PhraseReader.TryRead(phrase, on, null, out var window, out _))
        {
            throw new InvalidOperationException(phrase);
        }
        var outcome = await _mw.Recorder.RecordAsync(new RecordRequest("site", new Rescheduled(new Promise(phrase, window!)), "ana"), ct);
        if (outcome is not RecordOutcome.Recorded)
        {
            throw new InvalidOperationException($"the news was refused: {outcome}");
        }
    }

    /// <summary>All of them, or those whose id leaves a remainder, are due so long from now (negative: were).</summary>
    public Task<int> AreDueAsync(TimeSpan from, CancellationToken ct, string which = "true") =>
        _stage.ExecuteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                update subscribers set next_due_at = clock_timestamp() + interval '{from.TotalSeconds} seconds' where {which};
                select pg_notify('milestonewatch_digests', '')
                """
            ),
            ct
        );

    public Task<long> DecisionsAsync(CancellationToken ct) => _stage.ScalarAsync<long>("select count(*) from decisions", ct);

    public ValueTask DisposeAsync() => _mw.DisposeAsync();
}
