using MilestoneWatch.Bounces;
using MilestoneWatch.Delivery;
using MilestoneWatch.Digests;
using MilestoneWatch.Mail;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace MilestoneWatch.Hosting;

/// <summary>
/// The whole configuration, read once: appsettings.json, then MW_ environment variables, then secret files. Problems are told all at
/// once, before anything opens.
/// </summary>
internal sealed class Settings
{
    private const string SecretsFolder = "/run/secrets";

    private Settings(IConfiguration configuration)
    {
        Home = configuration["Home"] is { Length: > 0 } home ? home : ".milestonewatch";
        Environment = configuration["Environment"] ?? System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Production";
        Now = configuration["Now"];
        Watchlist = configuration["Watchlist"] is { Length: > 0 } watchlist ? watchlist : null;
        TrialMailUrl = configuration["Trial:MailUrl"] is { Length: > 0 } catcher ? catcher : null;
        Urls = configuration["Urls"] is { Length: > 0 } urls ? urls : "http://127.0.0.1:5080";
        ConnectionString = WithPassword(
            configuration.GetConnectionString("MilestoneWatch"),
            configuration["Postgres:PasswordFile"],
            "MW_Postgres__PasswordFile"
        );
        MigrationsConnectionString = WithPassword(
            configuration.GetConnectionString("Migrations"),
            configuration["Postgres:MigrationsPasswordFile"],
            "MW_Postgres__MigrationsPasswordFile"
        );
        configuration.GetSection("Smtp").Bind(Smtp);
        configuration.GetSection("Mail").Bind(Mail);
        // a misspelt key would send unsigned mails without a word
        configuration.GetSection("Dkim").Bind(Dkim, binder => binder.ErrorOnUnknownConfiguration = true);
        configuration.GetSection("Site").Bind(Site);
        if (
            configuration["Site:BaseUrl"] is null
            && Uri.TryCreate(Urls.Split(';')[0], UriKind.Absolute, out var listens)
            && listens.Host is not ("0.0.0.0" or "[::]")
        )
        {
            // who listens elsewhere is, unless told otherwise, reached there
            Site.BaseUrl = listens.GetLeftPart(UriPartial.Authority);
        }
        configuration.GetSection("Digests").Bind(Digests);
        configuration.GetSection("Passes").Bind(Passes);
        configuration.GetSection("Bounces").Bind(Bounces);
        configuration.GetSection("Delivery").Bind(Delivery);
    }

    /// <summary>Where the embedded default keeps everything.</summary>
    public string Home { get; }
    public string Environment { get; }
    public string? Now { get; }

    /// <summary>A watchlist to import into an empty database at start.</summary>
    public string? Watchlist { get; }

    /// <summary>Where a trial's mail catcher shows what was sent; null outside a trial.</summary>
    public string? TrialMailUrl { get; }

    /// <summary>Where the pages listen.</summary>
    public string Urls { get; }

    /// <summary>The application's own login; null for the embedded default.</summary>
    public string? ConnectionString { get; private set; }

    /// <summary>The login that migrates, where it is another.</summary>
    public string? MigrationsConnectionString { get; private set; }
    public SmtpOptions Smtp { get; } = new();
    public MailOptions Mail { get; } = new();
    public DkimOptions Dkim { get; } = new();
    public SiteOptions Site { get; } = new();
    public DigestOptions Digests { get; } = new();
    public PassOptions Passes { get; } = new();
    public BounceOptions Bounces { get; } = new();
    public DeliveryOptions Delivery { get; } = new();

    /// <summary>Whether the database is the private one under <see cref="Home"/>.</summary>
    public bool IsEmbedded => ConnectionString is null;

    // where a false clock or short times harm nobody
    private bool IsOnTrial => IsEmbedded || Environment is "Development" or "Test";

    /// <summary>The folder that mail is written to instead of being sent; null when a relay is configured.</summary>
    public string? PickupFolder =>
        Mail.Pickup is { Length: > 0 } folder ? folder
        : Smtp.Host.Length == 0 ? Path.Combine(Home, "mail")
        : null;

    /// <summary>Where mails go, as all replicas that send there call it: the relay's host and port, or the folder.</summary>
    public string Relay => PickupFolder ?? Smtp.Name;

    /// <exception cref="SettingsException">Something is configured wrong; every problem is named.</exception>
    public static Settings Load()
    {
        var settings = Read();
        return Checked(settings);
    }

    /// <summary>The same from another configuration, for tests.</summary>
    public static Settings From(IConfiguration configuration) => Checked(new Settings(configuration));

    private static Settings Checked(Settings settings)
    {
        var problems = settings.Problems().ToList();
        return problems.Count == 0 ? settings : throw new SettingsException(string.Join("\n", problems));
    }

    /// <summary>The run's clock: the system's, or the one that MW_NOW fixes.</summary>
    public IClock Clock() =>
        Now is null ? SystemClock.Instance : new SteppingClock(InstantPattern.ExtendedIso.Parse(Now).GetValueOrThrow());

    private static Settings Read()
    {
        try
        {
            var builder = new ConfigurationBuilder()
                .SetBasePath(Directory.GetCurrentDirectory())
                .AddJsonFile("appsettings.json", optional: true)
                .AddEnvironmentVariables("MW_");
            var folder = System.Environment.GetEnvironmentVariable("MW_Secrets") ?? SecretsFolder;
            if (Directory.Exists(folder))
            {
                builder.AddKeyPerFile(Path.GetFullPath(folder), optional: true);
            }
            return new Settings(builder.Build());
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or InvalidOperationException)
        {
            throw new SettingsException($"the configuration cannot be read: {e.GetBaseException().Message}");
        }
    }

    private IEnumerable<string> Problems()
    {
        foreach (
            var problem in Mail.Problems()
                .Concat(Dkim.Problems(Mail))
                .Concat(Site.Problems())
                .Concat(Passes.Problems())
                .Concat(Bounces.Problems())
                .Concat(Delivery.Problems(IsOnTrial))
        )
        {
            yield return problem;
        }
        if (Mail.Pickup is not { Length: > 0 } && Smtp.Host.Length > 0)
        {
            foreach (var problem in Smtp.Problems())
            {
                yield return problem;
            }
        }
        foreach (var url in Urls.Split(';'))
        {
            if (!IsListenable(url))
            {
                yield return $"MW_Urls has \"{url}\": give where the pages listen, such as http://127.0.0.1:5080";
            }
        }
        if (Now is not null)
        {
            if (!InstantPattern.ExtendedIso.Parse(Now).Success)
            {
                yield return $"MW_NOW is \"{Now}\": give an instant such as 2026-10-01T06:00:00Z";
            }
            else if (!IsOnTrial)
            {
                yield return $"MW_NOW is for tests and replays: it is allowed on the embedded database, or where MW_Environment is Development or Test (it is {Environment})";
            }
        }
        if (Watchlist is not null && !File.Exists(Watchlist))
        {
            yield return $"MW_Watchlist names {Watchlist}, which is not there: give the path of a watchlist, or leave it out";
        }
        foreach (var (key, value) in new[] { ("MilestoneWatch", ConnectionString), ("Migrations", MigrationsConnectionString) })
        {
            if (value is not null && !IsConnectionString(value))
            {
                yield return $"MW_ConnectionStrings__{key} cannot be read: write it as \"Host=db;Database=milestonewatch;Username=milestonewatch\"";
            }
        }
    }

    private static bool IsListenable(string url)
    {
        try
        {
            return BindingAddress.Parse(url).Scheme is "http" or "https";
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsConnectionString(string value)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(value).Host is { Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string? WithPassword(string? connectionString, string? file, string key)
    {
        if (connectionString is not { Length: > 0 } || file is not { Length: > 0 } || !IsConnectionString(connectionString))
        {
            return connectionString is { Length: > 0 } ? connectionString : null;
        }
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString)
            {
                Password = File.ReadAllText(file).TrimEnd('\r', '\n'),
            }.ConnectionString;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"{key} names {file}, which cannot be read: {e.Message}");
        }
    }
}
