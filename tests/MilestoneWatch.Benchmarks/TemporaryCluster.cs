using MilestoneWatch.Hosting;
using MilestoneWatch.Hosting.Embedded;
using MilestoneWatch.Postgres;
using Npgsql;

namespace MilestoneWatch.Benchmarks;

/// <summary>The embedded PostgreSQL, with the settings that every reader of the README gets, in a folder that goes with it.</summary>
internal sealed class TemporaryCluster : IAsyncDisposable
{
    private readonly string _home;
    private readonly string _folder;
    private readonly EmbeddedPostgres _postgres;

    private TemporaryCluster(string home, string folder, EmbeddedPostgres postgres) =>
        (_home, _folder, _postgres) = (home, folder, postgres);

    public static async Task<TemporaryCluster> StartAsync(CancellationToken ct)
    {
        // not Directory.CreateTempSubdirectory: the user that PostgreSQL runs as under root could not enter that
        var home = Path.Combine(Path.GetTempPath(), $"mw-benchmarks-{Guid.NewGuid():N}");
        var folder = (await ClusterPlace.ChooseAsync(home, ct)).Folder;
        try
        {
            return new TemporaryCluster(home, folder, await EmbeddedPostgres.StartAsync(home, Report.Note, ct));
        }
        catch
        {
            Remove(home, folder);
            throw;
        }
    }

    /// <summary>A folder on the disk that the data is on.</summary>
    public string Folder => _folder;

    /// <summary>Bytes that are free on that disk.</summary>
    public long Free => new DriveInfo(_folder).AvailableFreeSpace;

    /// <summary>A new migrated database, opened as its owner and as the application's own login.</summary>
    public async Task<(NpgsqlDataSource Owner, NpgsqlDataSource Application)> MakeAsync(string name, CancellationToken ct)
    {
        await RunAsync($"create database {name}", ct);
        var owner = new NpgsqlConnectionStringBuilder(_postgres.ConnectionString) { Database = name, CommandTimeout = 0 }.ConnectionString;
        var application = new NpgsqlConnectionStringBuilder(owner)
        {
            Username = "mw_application",
            // for whoever hands it to another process
            PersistSecurityInfo = true,
        }.ConnectionString;
        await Migrations.ApplyAsync(owner, ct);
        await Grants.ApplyAsync(owner, application, ct);
        return (Installation.Open(owner), Installation.Open(application));
    }

    public async Task DescribeAsync(Report report, CancellationToken ct)
    {
        await using var source = Installation.Open(_postgres.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(ct);
        await Machine.DescribeAsync(report, connection, ct);
    }

    /// <summary>Gives the disk back.</summary>
    public Task DropAsync(string name, CancellationToken ct) => RunAsync($"drop database {name} with (force)", ct);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await _postgres.DisposeAsync();
        Remove(_home, _folder);
    }

    private async Task RunAsync(string sql, CancellationToken ct)
    {
        await using var source = Installation.Open(_postgres.ConnectionString + ";Pooling=false;Command Timeout=0");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static void Remove(string home, string folder)
    {
        foreach (var made in ((string[])[home, folder]).Where(Directory.Exists))
        {
            Directory.Delete(made, recursive: true);
        }
    }
}
