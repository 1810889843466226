using Microsoft.Extensions.Configuration;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using Npgsql;

namespace MilestoneWatch.Tests.Postgres;

public sealed class MigrationsTests(PostgresCluster cluster)
{
    [Fact]
    public async Task An_empty_database_is_brought_up_to_date_once()
    {
        var owner = await cluster.EmptyAsync();

        Assert.True(await Migrations.ApplyAsync(owner, CancellationToken.None) > 0);
        Assert.Equal(0, await Migrations.ApplyAsync(owner, CancellationToken.None));
        Assert.Empty(await MissingAsync(owner));
    }

    [Fact]
    public async Task Two_migrations_at_once_apply_each_version_once()
    {
        var owner = await cluster.EmptyAsync();
        var known = (await MissingAsync(owner)).Count;

        var applied = await Task.WhenAll(
            Enumerable.Range(0, 2).Select(_ => Task.Run(() => Migrations.ApplyAsync(owner, CancellationToken.None)))
        );

        Assert.Equal(known, applied.Sum());
        Assert.Empty(await MissingAsync(owner));
    }

    [Fact]
    public async Task A_database_that_was_never_migrated_is_refused_naming_the_verb()
    {
        var refused = await OpenAsync(await cluster.EmptyAsync());

        Assert.Contains("it lacks V0001", refused.Message, StringComparison.Ordinal);
        Assert.Contains("`mw migrate`", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_lacks_a_version_is_refused_naming_it()
    {
        var (owner, application) = await cluster.CloneAsync();
        await using (var connection = new NpgsqlConnection(owner))
        {
            await connection.OpenAsync(CancellationToken.None);
            await using var command = new NpgsqlCommand("delete from schema_changelog where version::int = 1", connection);
            Assert.Equal(1, await command.ExecuteNonQueryAsync(CancellationToken.None));
        }

        var refused = await OpenAsync(application);

        Assert.Contains("it lacks V0001", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<RefusedException> OpenAsync(string connectionString)
    {
        var settings = Settings.From(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:MilestoneWatch"] = connectionString }
                )
                .Build()
        );
        return await Assert.ThrowsAsync<RefusedException>(async () =>
            await Installation.OpenAsync(settings, _ => { }, CancellationToken.None)
        );
    }

    private static async Task<IReadOnlyList<string>> MissingAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(CancellationToken.None);
        return await Migrations.MissingAsync(connection, CancellationToken.None);
    }
}
