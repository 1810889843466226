using System.Globalization;
using MilestoneWatch.Hosting;
using Npgsql;

namespace MilestoneWatch.Faults;

/// <summary>What every fault needs: a database that may be killed, a sink that writes everything down, workers, and a judge at the end.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const string Open = "select count(*) from deliveries where state not in ('sent', 'dead', 'expired', 'cancelled')";

    private const string Stuck = """
        select coalesce(string_agg(format('%s %s%s', n, state, owner), ', '), '') from (
            select count(*) as n, d.state, ' of ' || d.worker || case when w.name is null then ', who holds no lease' else '' end as owner
            from deliveries d left join workers w on w.name = d.worker
            where d.settled_at is null group by d.state, d.worker, w.name) s
        """;

    private static readonly TimeSpan NoProgress = TimeSpan.FromSeconds(60);

    private readonly List<Worker> _workers = [];

    private Stage(FaultOptions options, string folder, PrivatePostgres postgres, Sink sink)
    {
        (Options, Folder, Postgres, Sink) = (options, folder, postgres, sink);
        Random = new Random(options.Seed);
        Filler = new Filler(options.Seed);
        Owner = Installation.Open(postgres.Owner);
        PostgresPort = postgres.Port;
        SmtpPort = sink.Port;
    }

    public FaultOptions Options { get; }

    /// <summary>Of the raw log and the workers' logs.</summary>
    public string Folder { get; }
    public PrivatePostgres Postgres { get; }
    public Sink Sink { get; }
    public Filler Filler { get; }

    /// <summary>Of the fault alone: what is drawn from it must not depend on how fast things go.</summary>
    public Random Random { get; }
    public NpgsqlDataSource Owner { get; }

    /// <summary>Where workers reach the database; a proxy's, if there is one.</summary>
    public int PostgresPort { get; set; }

    /// <summary>Where workers reach the sink; a proxy's, if there is one.</summary>
    public int SmtpPort { get; set; }

    /// <summary>What goes into every worker's environment beside the common settings.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>After which a silent worker loses what it has leased.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Faults done so far, for the report.</summary>
    public int Faults { get; set; }

    private static readonly long Began = TimeProvider.System.GetTimestamp();

    public static void Say(string line) =>
        Console.Error.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"  {TimeProvider.System.GetElapsedTime(Began).TotalSeconds, 5:0.0} s  {line}")
        );

    public static async Task<Stage> OpenAsync(
        FaultOptions options,
        Temper temper,
        CancellationToken ct,
        Func<PrivatePostgres, Task>? furnish = null,
        TimeSpan? hang = null
    )
    {
        var folder =
            options.Keep
            ?? Path.Combine(Path.GetTempPath(), $"mw-faults-{options.Fault}-{options.Seed}-{Guid.NewGuid().ToString("N")[..8]}");
        folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(folder);
        var postgres = await PrivatePostgres.StartAsync(furnish, ct);
        var log = new RawLog(Path.Combine(folder, "raw.log"));
        var stage = new Stage(options, folder, postgres, new Sink(log, temper) { Hang = hang ?? TimeSpan.FromSeconds(10) });
        try
        {
            await stage.SignAsync(ct);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    // Mails are signed: a copy must bear the first attempt's signature.
    private async Task SignAsync(CancellationToken ct)
    {
        var key = Path.Combine(Folder, "dkim.pem");
        // of an earlier run that was kept
        File.Delete(key);
        string[] generate = ["dkim", "generate", "--out", key, "--selector", "faults", "--domain", "faults.example", "--ed25519"];
        if (await RunAsync("key.faults.example", ct, generate) != 0)
        {
            throw new InvalidOperationException($"no key: see {LogOf("key.faults.example")}");
        }
        Environment["MW_Dkim__Domain"] = "faults.example";
        Environment["MW_Dkim__Keys__0__File"] = key;
        Environment["MW_Dkim__Keys__0__Selector"] = "faults";
    }

    public Worker StartWorker(string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var settings = new Dictionary<string, string>(Environment, StringComparer.Ordinal)
        {
            ["MW_ConnectionStrings__MilestoneWatch"] = Through(PostgresPort),
            ["MW_Environment"] = "Test",
            ["MW_Delivery__LeaseSeconds"] = Seconds(Lease),
            // shorter than production allows: what a dead worker was sending is sent again while the run lasts
            ["MW_Delivery__CoolOffSeconds"] = "2",
            ["MW_Smtp__Host"] = "127.0.0.1",
            ["MW_Smtp__Port"] = SmtpPort.ToString(CultureInfo.InvariantCulture),
            ["MW_Smtp__Security"] = "none",
            ["MW_Smtp__Connections"] = "4",
            ["MW_Passes__DeliverySeconds"] = "1",
            ["MW_Passes__DigestSeconds"] = "1",
            ["MW_Passes__CheckSeconds"] = "5",
            ["MW_Digests__QuietSeconds"] = "0",
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            settings[key] = value;
        }
        var mw = Options.Mw ?? Path.Combine(AppContext.BaseDirectory, "mw");
        var worker = Worker.Start(mw, name, arguments, settings, LogOf(name));
        _workers.Add(worker);
        return worker;
    }

    public string LogOf(string name) => Path.Combine(Folder, $"{name}.log");

    /// <summary>One run of a verb to its end; its exit code.</summary>
    public async Task<int> RunAsync(string name, CancellationToken ct, params string[] arguments)
    {
        using var worker = StartWorker(name, arguments);
        return await worker.EndAsync(ct);
    }

    public string Through(int port) => new NpgsqlConnectionStringBuilder(Postgres.Application) { Port = port }.ConnectionString;

    /// <summary>Waits until something is so.</summary>
    /// <exception cref="TimeoutException">It was not.</exception>
    public static async Task UntilAsync(string what, Func<Task<bool>> isSo, TimeSpan patience, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            if (TimeProvider.System.GetElapsedTime(began) > patience)
            {
                throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"after {patience.TotalSeconds} s not: {what}"));
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, ct);
        }
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken ct)
    {
        await using var command = Owner.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    public async Task<int> ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = Owner.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Waits until the sink has taken so many mails; false when nothing moved for a minute.</summary>
    public async Task<bool> TakenAsync(int mails, Action each, CancellationToken ct)
    {
        var (last, since) = (Sink.Taken, TimeProvider.System.GetTimestamp());
        while (Sink.Taken < mails)
        {
            each();
            await Task.Delay(TimeSpan.FromMilliseconds(3), TimeProvider.System, ct);
            if (Sink.Taken != last)
            {
                (last, since) = (Sink.Taken, TimeProvider.System.GetTimestamp());
            }
            else if (TimeProvider.System.GetElapsedTime(since) > NoProgress)
            {
                Say($"nothing was taken for {NoProgress.TotalSeconds:0} s, at {last} of {mails} mails");
                return false;
            }
        }
        return true;
    }

    /// <summary>Waits until every delivery has come to an end; gives up when none did for a minute.</summary>
    public async Task SettleAsync(Crew crew, CancellationToken ct)
    {
        Say($"{Sink.Taken} mails taken after {Faults} faults; waiting for the rest");
        var (least, since) = (long.MaxValue, TimeProvider.System.GetTimestamp());
        while (true)
        {
            crew.ReplaceEnded();
            var open = await ScalarAsync<long>(Open, ct);
            if (open == 0)
            {
                break;
            }
            if (open < least)
            {
                (least, since) = (open, TimeProvider.System.GetTimestamp());
            }
            else if (TimeProvider.System.GetElapsedTime(since) > NoProgress)
            {
                Say($"{open} deliveries do not come to an end: {await ScalarAsync<string>(Stuck, ct)}");
                break;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, ct);
        }
        Say("all have come to an end");
        if (!await crew.StopAsync())
        {
            Say("a replica did not end within 30 s of SIGTERM");
        }
    }

    public async Task<Verdict> JudgeAsync(CancellationToken ct, params string[] complaints)
    {
        var books = await Books.ReadAsync(Owner, ct);
        var taken = RawLog.Read(Sink.Log.Path).ToList();
        return Judge.Of(books, Tampered(books, taken), Filler.Acknowledged) with { Complaints = complaints };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            worker.Dispose();
        }
        await Sink.DisposeAsync();
        Sink.Log.Dispose();
        await Owner.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    private static string Seconds(TimeSpan time) => ((int)time.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private List<LoggedMail> Tampered(Books books, List<LoggedMail> taken)
    {
        var doubted = books
            .Attempts.CountBy(attempt => attempt.DeliveryId)
            .Where(count => count.Value > 1)
            .Select(count => count.Key)
            .ToHashSet();
        var calm = books.Deliveries.First(delivery => delivery.State == "sent" && !doubted.Contains(delivery.Id)).MessageId;
        var mail = taken.First(one => one.MessageId == calm);
        return Options.Sabotage switch
        {
            Sabotage.Lose => [.. taken.Where(one => one.MessageId != calm)],
            Sabotage.Duplicate => [.. taken, mail],
            Sabotage.Change => [.. taken, mail with { Hash = "changed" }],
            _ => taken,
        };
    }
}
