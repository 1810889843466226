using System.Text.Json.Nodes;
using Dapper;
using MilestoneWatch.Access;
using MilestoneWatch.Bounces;
using MilestoneWatch.Checks;
using MilestoneWatch.Delivery;
using MilestoneWatch.Digests;
using MilestoneWatch.Hosting.Embedded;
using MilestoneWatch.Mail;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using MilestoneWatch.Record.Watchlists;
using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Hosting;

/// <summary>What every verb works on: the database, opened and of this version, the clock, and the passes over them.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private const string EmbeddedLogin = "milestonewatch_app";
    private const string IsEmpty = "select not exists (select from milestones)";

    private readonly EmbeddedPostgres? _embedded;
    private readonly ServiceProvider _services;

    private Installation(
        Settings settings,
        EmbeddedPostgres? embedded,
        NpgsqlDataSource database,
        NpgsqlDataSource steps,
        IClock clock,
        ILoggerFactory loggers
    )
    {
        _embedded = embedded;
        Settings = settings;
        Database = database;
        Steps = steps;
        Clock = clock;
        Loggers = loggers;
        _services = new ServiceCollection().AddSingleton(loggers).AddLogging().BuildServiceProvider();
        Renderer = new MailRenderer(_services, loggers);
        Composer = new DigestComposer(settings.Site, Renderer);
        Nudges = new NudgePass(database, clock, Renderer, settings.Site, settings.Mail, loggers.CreateLogger<NudgePass>());
        Recorder = new Recorder(database, clock);
        Checks = new CheckPass(database, clock, loggers.CreateLogger<CheckPass>());
        Digests = new DigestPass(database, clock, Composer, settings.Digests, settings.Mail, loggers.CreateLogger<DigestPass>());
        Joins = new JoinPass(this, loggers.CreateLogger<JoinPass>());
        SignIns = new SignInPass(this, loggers.CreateLogger<SignInPass>());
        Bounces = new BouncePass(this, loggers.CreateLogger<BouncePass>());
        Pump = new DeliveryPump(
            new PumpContext
            {
                Database = database,
                Steps = steps,
                Relay = settings.Relay,
                Options = settings.Delivery,
                RatePerSecond = settings.Smtp.RatePerSecond,
                RatePerDomain = settings.Smtp.RatePerDomain,
                Time = TimeProvider.System,
                Mail = settings.Mail,
                Signing = DkimSigning.From(settings.Dkim, settings.Mail),
            },
            settings.PickupFolder is { } folder
                ? () => new PickupMailSender(folder)
                : () => new SmtpMailSender(settings.Smtp, settings.Mail.Domain),
            settings.Smtp.Connections,
            loggers.CreateLogger<DeliveryPump>()
        );
    }

    public Settings Settings { get; }
    public NpgsqlDataSource Database { get; }

    /// <summary>The pump's own connections to it.</summary>
    public NpgsqlDataSource Steps { get; }
    public IClock Clock { get; }
    public ILoggerFactory Loggers { get; }
    public Recorder Recorder { get; }
    public MailRenderer Renderer { get; }
    public DigestComposer Composer { get; }
    public CheckPass Checks { get; }
    public NudgePass Nudges { get; }
    public DigestPass Digests { get; }
    public JoinPass Joins { get; }
    public SignInPass SignIns { get; }
    public BouncePass Bounces { get; }
    public DeliveryPump Pump { get; }

    /// <summary>Opens what is configured; the embedded default is started and brought up to date.</summary>
    /// <param name="settings">The configuration.</param>
    /// <param name="say">Told what people may want to know, a line each.</param>
    /// <param name="ct">Stops waiting.</param>
    /// <param name="loggers">Where logs go; nowhere by default.</param>
    /// <param name="clock">Another clock than the configured one, for the demo's replay.</param>
    /// <exception cref="RefusedException">The schema is outdated.</exception>
    public static async Task<Installation> OpenAsync(
        Settings settings,
        Action<string> say,
        CancellationToken ct,
        ILoggerFactory? loggers = null,
        IClock? clock = null
    )
    {
        EmbeddedPostgres? embedded = null;
        NpgsqlDataSource? database = null;
        try
        {
            var connectionString = settings.ConnectionString;
            if (connectionString is null)
            {
                embedded = await EmbeddedPostgres.StartAsync(settings.Home, say, ct);
                connectionString = await MigrateEmbeddedAsync(embedded.ConnectionString, ct);
            }
            database = Open(connectionString);
            if (embedded is null)
            {
                await RefuseOutdatedAsync(database, ct);
            }
            return new Installation(
                settings,
                embedded,
                database,
                DeliveryDatabase.Open(Builder(connectionString)),
                clock ?? settings.Clock(),
                loggers ?? Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance
            );
        }
        catch
        {
            if (database is not null)
            {
                await database.DisposeAsync();
            }
            if (embedded is not null)
            {
                await embedded.DisposeAsync();
            }
            throw;
        }
    }

    public static NpgsqlDataSource Open(string connectionString) => Builder(connectionString).Build();

    private static NpgsqlDataSourceBuilder Builder(string connectionString)
    {
        var builder = new NpgsqlDataSourceBuilder(connectionString);
        builder.ConnectionStringBuilder.MaxPoolSize = Math.Min(builder.ConnectionStringBuilder.MaxPoolSize, 26);
        builder.ConnectionStringBuilder.TcpKeepAlive = true;
        builder.ConnectionStringBuilder.ApplicationName ??= "milestonewatch";
        // resetting is DISCARD ALL, plans included: append_entries would be planned anew in each call, under the ledger's lock, at three
        // times its cost. Nothing here leaves settings or session locks behind, and an open transaction is rolled back all the same
        builder.ConnectionStringBuilder.NoResetOnClose = true;
        builder.ConnectionStringBuilder.MaxAutoPrepare = 64;
        builder.UseNodaTime();
        return builder;
    }

    /// <summary>Reads and imports a watchlist file. All of it or nothing; nothing at all where it is only tried.</summary>
    /// <exception cref="RefusedException">The file is bad; every error with its line and key.</exception>
    public async Task<ImportResult> ImportAsync(string file, bool dryRun, CancellationToken ct)
    {
        var watchlist = ReadWatchlist(file, await ReadTextAsync(file, ct));
        var result = dryRun
            ? await WatchlistImport.DryRunAsync(Database, watchlist, Clock.GetCurrentInstant(), ct)
            : await WatchlistImport.RunAsync(Database, watchlist, Clock.GetCurrentInstant(), ct);
        return result.Refused is null ? result : throw new RefusedException($"{file}: {result.Refused}; nothing was imported");
    }

    /// <summary>The facts on record of a subject, or of the only one.</summary>
    /// <exception cref="RefusedException">There is no such subject, or more than one to choose from.</exception>
    public async Task<JsonObject> ExportAsync(string? subject, CancellationToken ct)
    {
        await using var connection = await Database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        var subjects = await ExportStore.SubjectsAsync(connection, ct);
        var found = subjects.Where(one => subject is null || one.Slug == subject).ToList();
        return found is [var only] ? WatchlistTree.Of((await WatchlistExport.ReadAsync(connection, only, ct)).Watchlist)
            : subjects.Count == 0 ? throw new RefusedException("nothing is on record yet: `mw import FILE` brings a watchlist in")
            : subject is null
                ? throw new RefusedException(
                    $"there are several subjects: name one with --subject ({string.Join(", ", subjects.Select(one => one.Slug))})"
                )
            : throw new RefusedException(
                $"there is no subject \"{subject}\": {NearestSlug.Suggestion(subject, [.. subjects.Select(one => one.Slug)])}"
            );
    }

    /// <summary>Imports the configured watchlist where the database has none yet.</summary>
    public async Task<int?> ImportIntoEmptyAsync(CancellationToken ct)
    {
        if (Settings.Watchlist is null)
        {
            return null;
        }
        await using var connection = await Database.OpenConnectionAsync(ct);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(IsEmpty, cancellationToken: ct))
            ? (await ImportAsync(Settings.Watchlist, dryRun: false, ct)).Entries
            : null;
    }

    /// <exception cref="RefusedException">Every error with its line and key.</exception>
    public static Watchlist ReadWatchlist(string name, string yaml) =>
        WatchlistFile.TryRead(yaml, out var watchlist, out var errors)
            ? watchlist
            : throw new RefusedException(
                string.Join(
                    '\n',
                    errors.Select(error => $"{name}:{error.Line}: {(error.Key.Length > 0 ? error.Key + ": " : "")}{error.Message}")
                )
            );

    public async ValueTask DisposeAsync()
    {
        await Pump.DisposeAsync();
        await Steps.DisposeAsync();
        await _services.DisposeAsync();
        await Database.DisposeAsync();
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

    private static async Task<string> MigrateEmbeddedAsync(string owner, CancellationToken ct)
    {
        var application = new NpgsqlConnectionStringBuilder(owner) { Username = EmbeddedLogin }.ConnectionString;
        bool current;
        await using (var connection = new NpgsqlConnection(owner))
        {
            await connection.OpenAsync(ct);
            current = (await Migrations.MissingAsync(connection, ct)).Count == 0;
        }
        if (!current)
        {
            await Migrations.ApplyAsync(owner, ct);
            await Grants.ApplyAsync(owner, application, ct);
        }
        return application;
    }

    private static async Task RefuseOutdatedAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var missing = await Migrations.MissingAsync(connection, ct);
        if (missing.Count > 0)
        {
            throw new RefusedException(
                $"the database's schema is outdated (it lacks {string.Join(", ", missing.Select(version => "V" + version))}): run `mw migrate` first"
            );
        }
    }

    private static async Task<string> ReadTextAsync(string file, CancellationToken ct)
    {
        try
        {
            return await File.ReadAllTextAsync(file, ct);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"{file} cannot be read: {e.Message}");
        }
    }
}
