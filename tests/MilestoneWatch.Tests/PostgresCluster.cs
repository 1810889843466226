using MilestoneWatch.Hosting.Embedded;
using MilestoneWatch.Postgres;
using Npgsql;

[assembly: AssemblyFixture(typeof(MilestoneWatch.Tests.PostgresCluster))]

namespace MilestoneWatch.Tests;

/// <summary>One real Postgres for the whole run, with a migrated template that each test class clones in under 0.1 s.</summary>
public sealed class PostgresCluster : IAsyncLifetime
{
    private const string Template = "mw_template";
    private readonly string home = Path.Combine(Path.GetTempPath(), $"mw-tests-{Guid.NewGuid():N}");
    private EmbeddedPostgres? postgres;
    private int databases;

    public async ValueTask InitializeAsync()
    {
        postgres = await EmbeddedPostgres.StartAsync(home, _ => { }, CancellationToken.None);
        await RunAsync($"create database {Template}");
        await Migrations.ApplyAsync(Owner(Template), CancellationToken.None);
        await Grants.ApplyAsync(Owner(Template), Application(Template), CancellationToken.None);
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>A fresh migrated database: its owner's and the application's connection strings.</summary>
    public async Task<(string Owner, string Application)> CloneAsync()
    {
        var name = $"mw_test_{Interlocked.Increment(ref databases)}";
        await RunAsync($"create database {name} template {Template}");
        return (Owner(name), Application(name));
    }

    /// <summary>A database with nothing in it.</summary>
    public async Task<string> EmptyAsync()
    {
        var name = $"mw_empty_{Interlocked.Increment(ref databases)}";
        await RunAsync($"create database {name}");
        return Owner(name);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }
        Directory.Delete(home, recursive: true);
    }

    private string Owner(string database) =>
        new NpgsqlConnectionStringBuilder(postgres!.ConnectionString) { Database = database, Pooling = false }.ConnectionString;

    private string Application(string database) =>
        new NpgsqlConnectionStringBuilder(postgres!.ConnectionString) { Database = database, Username = "mw_application" }.ConnectionString;

    private async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(postgres!.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
