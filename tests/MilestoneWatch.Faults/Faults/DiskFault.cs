using MilestoneWatch.Hosting.Embedded;

namespace MilestoneWatch.Faults;

/// <summary>A disk of a few megabytes (tmpfs) under the data or under the WAL alone, filled while mails are delivered, and freed.</summary>
internal sealed class DiskFault : IAsyncDisposable
{
    private const int DataMebibytes = 160;
    private const int WalMebibytes = 96;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(5);

    // at once, and not when the passes' heartbeats are missed: that takes over half a minute
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(20);

    private readonly string _mount = Path.Combine(Path.GetTempPath(), $"mw-faults-disk-{Guid.NewGuid():N}");
    private readonly bool _wal;

    public DiskFault(bool wal) => _wal = wal;

    private string Ballast => Path.Combine(_mount, "ballast");

    /// <summary>Moves the new cluster's data, or its WAL, to the small disk; the other of the two stays where there is room.</summary>
    public async Task FurnishAsync(PrivatePostgres postgres, CancellationToken ct)
    {
        Directory.CreateDirectory(_mount);
        await MustAsync("mount", ["-t", "tmpfs", "-o", $"size={(_wal ? WalMebibytes : DataMebibytes)}m,mode=755", "mw-faults", _mount], ct);
        var wal = Path.Combine(postgres.Data, "pg_wal");
        if (_wal)
        {
            await MoveAsync(postgres, wal, Path.Combine(_mount, "wal"), ct);
            // no checkpoint makes room before the disk is full
            await postgres.SetAsync("max_wal_size = 4GB", ct);
        }
        else
        {
            await MoveAsync(postgres, Path.Combine(postgres.Data, "base"), Path.Combine(_mount, "base"), ct);
        }
    }

    public async Task<Verdict> RunAsync(Stage stage, CancellationToken ct)
    {
        var (mails, times) = (stage.Options.MailsOr(3_000, 20_000), stage.Options.KillsOr(1, 5));
        await stage.Filler.FillAsync(stage.Owner, mails / 3, ct);
        await using var crew = new Crew(stage, "delivery", stage.Options.Replicas);
        await using var hurry = new Hurry(stage.Postgres.Owner);
        crew.Start();
        var complaints = new List<string>();
        var filling = PostgresFaults.KeepFillingAsync(stage, mails, ct);
        for (var i = 0; i < times; i++)
        {
            await stage.TakenAsync((i + 1) * mails / (times * 6), () => crew.ReplaceEnded(), ct);
            var ready = await FillDiskAsync(stage, ct);
            stage.Faults++;
            if (ready)
            {
                complaints.Add("mw doctor called it well while the disk was full");
            }
        }
        await filling;
        if (!await RecoversAsync(stage, ct))
        {
            complaints.Add("mw doctor does not call it well after the disk was freed");
        }
        await stage.SettleAsync(crew, ct);
        return await stage.JudgeAsync(ct, [.. complaints]);
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(_mount))
        {
            await Command.RunAsync("umount", ["-l", _mount], CancellationToken.None);
            Directory.Delete(_mount);
        }
    }

    /// <summary>Full until `mw doctor` complains, or for 20 s. Whether it never did.</summary>
    private async Task<bool> FillDiskAsync(Stage stage, CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        var well = true;
        // another supervisor than us would do the same: a PANIC that ends the server is followed by a start
        using var supervised = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var supervising = SuperviseAsync(stage, supervised.Token);
        Fill();
        while (TimeProvider.System.GetElapsedTime(began) is var full && full < Most && (well || full < Least))
        {
            // freed blocks are taken again
            Fill();
            await WriteWalAsync(stage, ct);
            well &= await stage.RunAsync($"doctor{stage.Faults}.faults.example", ct, "doctor") == 0;
        }
        File.Delete(Ballast);
        Stage.Say("the disk has room again");
        await Stage.UntilAsync("PostgreSQL is back", () => AnswersAsync(stage, ct), TimeSpan.FromSeconds(90), ct);
        await supervised.CancelAsync();
        await supervising;
        return well;
    }

    private static async Task<bool> RecoversAsync(Stage stage, CancellationToken ct)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            if (await stage.RunAsync("recovered.faults.example", ct, "doctor") == 0)
            {
                return true;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, ct);
        }
        return false;
    }

    private static async Task SuperviseAsync(Stage stage, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (!stage.Postgres.IsRunning)
                {
                    await stage.Postgres.StartAsync(ct);
                }
                await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, ct);
            }
            catch (OperationCanceledException)
            {
                // enough
            }
        }
    }

    private static async Task<bool> AnswersAsync(Stage stage, CancellationToken ct)
    {
        try
        {
            return await stage.ScalarAsync<int>("select 1", ct) == 1;
        }
        catch (Npgsql.NpgsqlException)
        {
            return false;
        }
    }

    // Segments that are there already have room: it is used up, until a new one is needed and cannot be had.
    private async Task WriteWalAsync(Stage stage, CancellationToken ct)
    {
        const string Megabyte = "select pg_logical_emit_message(false, 'faults', repeat('x', 1000000))";
        try
        {
            for (var i = 0; _wal && i < WalMebibytes; i++)
            {
                await stage.ScalarAsync<object>(Megabyte, ct);
            }
        }
        catch (Npgsql.NpgsqlException)
        {
            // full
        }
    }

    private void Fill()
    {
        try
        {
            using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
            var page = new byte[4096];
            while (true)
            {
                file.Write(page);
            }
        }
        catch (IOException)
        {
            // full
        }
    }

    private static async Task MoveAsync(PrivatePostgres postgres, string from, string to, CancellationToken ct)
    {
        await MustAsync("cp", ["-a", from, to], ct);
        Directory.Delete(from, recursive: true);
        await MustAsync("ln", ["-s", to, from], ct);
        await MustAsync("chown", ["-h", $"--reference={postgres.Data}", from], ct);
    }

    private static async Task MustAsync(string program, string[] arguments, CancellationToken ct)
    {
        if (await Command.RunAsync(program, arguments, ct) is { ExitCode: not 0 } failed)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {failed.Output}");
        }
    }
}
