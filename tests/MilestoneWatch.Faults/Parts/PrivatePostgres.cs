using System.Net;
using System.Net.Sockets;
using MilestoneWatch.Hosting.Embedded;
using MilestoneWatch.Postgres;
using Npgsql;

namespace MilestoneWatch.Faults;

/// <summary>A cluster of our own that may be killed: durability at PostgreSQL's defaults, always on the same port.</summary>
internal sealed class PrivatePostgres : IAsyncDisposable
{
    private const string Database = "faults";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _home;
    private readonly ClusterPlace _place;
    private readonly PostgresBinaries _binaries;

    private PrivatePostgres(string home, ClusterPlace place, PostgresBinaries binaries, int port)
    {
        (_home, _place, _binaries, Port) = (home, place, binaries, port);
        Owner = new NpgsqlConnectionStringBuilder(Cluster.ConnectionString(place, port))
        {
            Database = Database,
            Pooling = false,
            CommandTimeout = 120,
        }.ConnectionString;
        Application = new NpgsqlConnectionStringBuilder(Owner)
        {
            Username = "mw_application",
            Pooling = true,
            CommandTimeout = 30,
        }.ConnectionString;
    }

    public int Port { get; }

    /// <summary>The schema's owner, unpooled: its connections are not left behind by a restart.</summary>
    public string Owner { get; }

    /// <summary>The service's own login.</summary>
    public string Application { get; }

    public string Data => _place.Data;

    /// <param name="furnish">Done to the new cluster's folder before its first start, such as moving the data to another disk.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<PrivatePostgres> StartAsync(Func<PrivatePostgres, Task>? furnish, CancellationToken ct)
    {
        // not Directory.CreateTempSubdirectory: the user that PostgreSQL runs as under root could not enter that
        var home = Path.Combine(Path.GetTempPath(), $"mw-faults-postgres-{Guid.NewGuid():N}");
        var place = await ClusterPlace.ChooseAsync(home, ct);
        var binaries = await PostgresBinaries.FindAsync(place, PostgresSources.FromEnvironment(), Stage.Say, ct);
        await new NewCluster(place, binaries).MakeAsync(ct);
        var postgres = new PrivatePostgres(home, place, binaries, FreePort());
        try
        {
            if (furnish is not null)
            {
                await furnish(postgres);
            }
            await postgres.StartAsync(ct);
            await postgres.MakeDatabaseAsync(ct);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>As a supervisor does: again until it is up.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            string[] arguments = ["start", "-w", "-D", _place.Data, "-l", _place.Log, "-o", FormattableString.Invariant($"-p {Port}")];
            await new PostgresLog(_place).PrepareAsync(ct);
            if ((await _place.Account.RunAsync(_binaries.PgCtl, arguments, ct)).ExitCode == 0)
            {
                return;
            }
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException($"PostgreSQL does not start; its log is {_place.Log}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, ct);
        }
    }

    public bool IsRunning => Postmaster.Read(_place.Data)?.IsRunning() == true;

    /// <summary>kill -9 of the postmaster; its children see that and go.</summary>
    public void Kill() => Signals.Kill(Postmaster.Read(_place.Data)!.ProcessId);

    /// <param name="mode">fast or immediate.</param>
    /// <param name="ct">Stops waiting.</param>
    public Task StopAsync(string mode, CancellationToken ct) =>
        _place.Account.RunAsync(_binaries.PgCtl, ["stop", "-w", "-D", _place.Data, "-m", mode], ct);

    public Task OwnAsync(string path, CancellationToken ct) => _place.Account.OwnAsync(path, ct);

    /// <summary>Sets something in postgresql.conf; before a start.</summary>
    public Task SetAsync(string line, CancellationToken ct) =>
        File.AppendAllTextAsync(Path.Combine(_place.Data, "postgresql.conf"), line + "\n", ct);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (IsRunning)
        {
            await StopAsync("immediate", CancellationToken.None);
        }
        foreach (var made in ((string[])[_home, _place.Folder]).Where(Directory.Exists))
        {
            Directory.Delete(made, recursive: true);
        }
    }

    private async Task MakeDatabaseAsync(CancellationToken ct)
    {
        var first = new NpgsqlConnectionStringBuilder(Owner) { Database = "postgres" }.ConnectionString;
        await using (var connection = new NpgsqlConnection(first))
        {
            await connection.OpenAsync(ct);
            await using var command = new NpgsqlCommand($"create database {Database}", connection);
            await command.ExecuteNonQueryAsync(ct);
        }
        await Migrations.ApplyAsync(Owner, ct);
        await Grants.ApplyAsync(Owner, Application, ct);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
