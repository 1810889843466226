using MilestoneWatch.Hosting;
using Npgsql;

namespace MilestoneWatch.Tests.Hosting;

/// <summary>When an installation calls itself ready. A disk that is truly full is a fault of its own, in tests/faults.</summary>
public sealed class ReadinessTests(PostgresCluster cluster)
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_takes_writes_and_has_room_is_ready()
    {
        Assert.Null(await TroubleAsync());
    }

    [Fact]
    public async Task A_read_only_database_is_not_ready()
    {
        Assert.Contains("read-only", await TroubleAsync(b => b.Options = "-c default_transaction_read_only=on"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_gone_is_not_ready()
    {
        Assert.Contains("does not answer", await TroubleAsync(b => b.Port = 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_asks_for_room_on_the_disk()
    {
        var (owner, application) = await cluster.CloneAsync();
        await using (var connection = new NpgsqlConnection(owner))
        {
            await connection.OpenAsync(Ct);
            var name = new NpgsqlConnectionStringBuilder(application).Database;
            await using var none = new NpgsqlCommand($"""alter database "{name}" set temp_file_limit = '256kB'""", connection);
            await none.ExecuteNonQueryAsync(Ct);
        }
        await using var mw = NpgsqlDataSource.Create(application);
        Assert.Contains("temp_file_limit", await Readiness.TroubleAsync(mw, Ct), StringComparison.Ordinal);
    }

    private async Task<string?> TroubleAsync(Action<NpgsqlConnectionStringBuilder>? change = null)
    {
        var (_, application) = await cluster.CloneAsync();
        var builder = new NpgsqlConnectionStringBuilder(application);
        change?.Invoke(builder);
        await using var mw = NpgsqlDataSource.Create(builder);
        return await Readiness.TroubleAsync(mw, Ct);
    }
}
