using Dapper;
using Microsoft.Extensions.Configuration;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using MilestoneWatch.Record.Watchlists;
using MilestoneWatch.Subscribers;
using MimeKit;
using NodaTime;
using NodaTime.Testing;
using NodaTime.Text;
using Npgsql;

namespace MilestoneWatch.Tests;

/// <summary>A whole installation over a database of its own, with a clock that tests move and a folder that mail is written to.</summary>
internal sealed class House : IAsyncDisposable
{
    public static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];

    private House(Installation mw, FakeClock clock, string mailFolder, string owner, string application)
    {
        Mw = mw;
        Clock = clock;
        MailFolder = mailFolder;
        Owner = owner;
        Application = application;
    }

    public Installation Mw { get; }
    public FakeClock Clock { get; }
    public string MailFolder { get; }

    /// <summary>The connection string of the schema's owner; <see cref="Application"/> is what the service itself uses.</summary>
    public string Owner { get; }
    public string Application { get; }

    /// <param name="cluster">The run's Postgres.</param>
    /// <param name="now">Where the clock starts: an instant in ISO 8601.</param>
    /// <param name="configure">More configuration, by key ("Smtp:Host").</param>
    public static async Task<House> OpenAsync(
        PostgresCluster cluster,
        string now = "2026-05-28T08:00:00Z",
        Dictionary<string, string?>? configure = null
    )
    {
        var (owner, application) = await cluster.CloneAsync();
        var clock = new FakeClock(InstantPattern.ExtendedIso.Parse(now).GetValueOrThrow());
        var folder = Path.Combine(Path.GetTempPath(), $"mw-mail-{Guid.NewGuid():N}");
        var keys = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["ConnectionStrings:MilestoneWatch"] = application,
            ["Environment"] = "Test",
            ["Mail:Pickup"] = folder,
        };
        foreach (var (key, value) in configure ?? [])
        {
            keys[key] = value;
        }
        var settings = Settings.From(new ConfigurationBuilder().AddInMemoryCollection(keys).Build());
        var mw = await Installation.OpenAsync(settings, _ => { }, CancellationToken.None, clock: clock);
        return new House(mw, clock, folder, owner, application);
    }

    /// <summary>Imports a watchlist's YAML at the clock's instant.</summary>
    public async Task<int> ImportAsync(string yaml)
    {
        var (entries, refused) = await WatchlistImport.RunAsync(
            Mw.Database,
            Installation.ReadWatchlist("test.yaml", yaml),
            Clock.GetCurrentInstant(),
            CancellationToken.None
        );
        return refused is null ? entries : throw new RefusedException(refused);
    }

    /// <summary>One promised event, imported: `house.PromiseAsync("site", "Q3 2026")`. It never goes quiet unless a test says so.</summary>
    public Task<int> PromiseAsync(string slug, string phrase, string zone = "Europe/Paris", int quietDays = 0) =>
        ImportAsync(
            $$"""
            subject: {slug: acme, name: Acme}
            as_of: 2026-05-28
            sources:
              site: {publisher: Acme, url: "https://acme.example/news"}
            milestones:
              - slug: {{slug}}
                title: The {{slug}} opens
                name: The {{slug}}
                short_name: {{slug}}
                outcome: opening
                kind: event
                counts_when: Acme says that it is open.
                zone: {{zone}}
                quiet_days: {{quietDays}}
                promised: {phrase: "{{phrase}}", on: 2026-05-28, source: site}
            """
        );

    public async Task<Subscriber> JoinAsync(string email, Cadence cadence, string topics = "all", string at = "08:00", int day = 1)
    {
        var time = LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(at).Value;
        return await Joining.AddAsync(
            Mw,
            email,
            new Schedule(cadence, time, day, Paris),
            topics.Split(','),
            "en",
            confirmed: true,
            welcome: false,
            CancellationToken.None
        );
    }

    public Task<RecordOutcome> RescheduleAsync(string slug, string phrase, string? note = null)
    {
        var on = Clock.GetCurrentInstant().InZone(Paris).Date;
        Assert.True(PhraseReader.TryRead(phrase, on, null, out var window, out _), phrase);
        return Mw.Recorder.RecordAsync(
            new RecordRequest(slug, new Rescheduled(new Domain.Ledger.Promise(phrase, window!)), "ana") { Note = note },
            CancellationToken.None
        );
    }

    /// <summary>Records a change that must be accepted; its position.</summary>
    public async Task<long> RecordAsync(RecordRequest request) =>
        Assert.IsType<RecordOutcome.Recorded>(await Mw.Recorder.RecordAsync(request, CancellationToken.None)).Position;

    public Task<RecordOutcome> StatusAsync(string slug, Status status) =>
        Mw.Recorder.RecordAsync(new RecordRequest(slug, new StatusChanged(status), "ana"), CancellationToken.None);

    /// <summary>A quantity and a tally, imported, with their targets: 200 MW, and two names.</summary>
    public Task<int> CountedAsync() =>
        ImportAsync(
            """
            subject: {slug: acme, name: Acme}
            as_of: 2026-05-28
            milestones:
              - {slug: power, title: 200 MW, kind: quantity, target: 200, unit: MW, direction: at_least, counts_when: it runs, zone: Europe/Paris, quiet_days: 0}
              - slug: customers
                title: Repeat customers
                kind: tally
                counts_when: it renews
                relations: {renewal: counts, launch: does_not_count}
                baseline: [Airbus]
                aliases: {EADS: Airbus, "BNP": BNP Paribas}
                threshold: 2
                quiet_days: 0
            """
        );

    /// <summary>Moves the clock and runs every pass until nothing is left to do.</summary>
    public async Task RunAtAsync(string instant)
    {
        Clock.Reset(InstantPattern.ExtendedIso.Parse(instant).GetValueOrThrow());
        await RunAsync();
    }

    public async Task RunAsync()
    {
        while (await Mw.Checks.RunOnceAsync(CancellationToken.None)) { }
        while (await Mw.Digests.RunOnceAsync(CancellationToken.None)) { }
        while (await Mw.Nudges.RunOnceAsync(CancellationToken.None)) { }
        while (await Mw.SignIns.RunOnceAsync(CancellationToken.None)) { }
        while (await Mw.Joins.RunOnceAsync(CancellationToken.None)) { }
        while (await Mw.Pump.RunOnceAsync(CancellationToken.None)) { }
    }

    /// <summary>The mails in the folder, oldest first.</summary>
    public IReadOnlyList<MimeMessage> Mails() =>
        Directory.Exists(MailFolder)
            ? [.. Directory.GetFiles(MailFolder, "*.eml").Order(StringComparer.Ordinal).Select(file => MimeMessage.Load(file))]
            : [];

    public async Task<Milestone> MilestoneAsync(string slug)
    {
        await using var connection = await Mw.Database.OpenConnectionAsync();
        return await LedgerReader.FindAsync(connection, slug, long.MaxValue, CancellationToken.None)
            ?? throw new InvalidOperationException(slug);
    }

    public async Task<IReadOnlyList<Entry>> HistoryAsync(string slug)
    {
        var milestone = await MilestoneAsync(slug);
        await using var connection = await Mw.Database.OpenConnectionAsync();
        return [.. (await LedgerReader.HistoryAsync(connection, [milestone.Id], long.MaxValue, CancellationToken.None))[milestone.Id]];
    }

    /// <summary>Another process over the same database, with the same clock.</summary>
    public Task<Installation> AnotherAsync() => Installation.OpenAsync(Mw.Settings, _ => { }, CancellationToken.None, clock: Clock);

    /// <summary>Active daily readers of everything, due at the next 08:00 in Paris, all at once.</summary>
    public Task<int> CrowdAsync(int count) =>
        ExecuteAsync(
            $"""
            with joined as (
                insert into subscribers (email, email_key, state, cadence, at_time, day, zone, position, next_due_at, tz_version, created_at)
                select 'reader' || n || '@example.org', 'READER' || n || '@EXAMPLE.ORG', 'active', 'daily', '08:00', 0, 'Europe/Paris',
                    (select coalesce(max(position), 0) from entries),
                    '{new Schedule(Cadence.Daily, new LocalTime(8, 0), 0, Paris).NextAfter(
                Clock.GetCurrentInstant()
            )}', 'test',
                    '{Clock.GetCurrentInstant()}'
                from generate_series(1, {count}) n returning id, position)
            insert into topics (subscriber_id, kind, since) select id, 'all', position from joined
            """
        );

    /// <summary>A statement, run as the schema's owner.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Owner);
        return await connection.ExecuteAsync(sql);
    }

    /// <summary>One value, read as the schema's owner.</summary>
    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Owner);
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    public async ValueTask DisposeAsync()
    {
        await Mw.DisposeAsync();
        if (Directory.Exists(MailFolder))
        {
            Directory.Delete(MailFolder, recursive: true);
        }
    }
}
