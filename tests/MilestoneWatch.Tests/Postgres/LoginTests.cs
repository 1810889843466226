using Npgsql;

namespace MilestoneWatch.Tests.Postgres;

public sealed class LoginTests(PostgresCluster cluster)
{
    public static TheoryData<string> Kept { get; } = ["entries", "evidence", "looks", "forecasts", "forecast_points"];

    [Theory]
    [MemberData(nameof(Kept))]
    public async Task The_applications_login_cannot_change_the_ledger_or_what_is_read_from_it(string table)
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");

        Assert.Equal("42501", await RefusedAsync(house.Application, $"update {table} set position = position"));
        Assert.Equal("42501", await RefusedAsync(house.Application, $"delete from {table}"));
        Assert.Equal("42501", await RefusedAsync(house.Application, $"truncate {table} cascade"));
        Assert.Equal("42501", await RefusedAsync(house.Application, $"alter table {table} disable trigger all"));
    }

    [Theory]
    [InlineData("update entries set recorded_at = recorded_at")]
    [InlineData("update entries set body = body || ' '")]
    [InlineData("update entries set body = null")]
    [InlineData("update entries set body = null, salt = null, happened_on = null")]
    [InlineData("update entries set body = null, salt = null, actor = null")]
    [InlineData("update entries set body = null, salt = null, occasion = 'x'")]
    [InlineData("delete from entries")]
    [InlineData("truncate entries cascade")]
    public async Task Even_the_owner_is_stopped(string sql)
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        await house.RescheduleAsync("site", "Q4 2026");

        Assert.Equal("MW403", await RefusedAsync(house.Owner, sql));
        Assert.Equal(2, await house.ScalarAsync<int>("select count(*) from entries where body is not null"));
    }

    [Fact]
    public async Task Nobody_but_the_application_and_the_owner_may_redact()
    {
        await using var house = await House.OpenAsync(cluster);

        Assert.False(await house.ScalarAsync<bool>("select has_function_privilege('pg_monitor', 'redact_entry(bigint)', 'execute')"));
        Assert.True(await house.ScalarAsync<bool>("select has_function_privilege('mw_application', 'redact_entry(bigint)', 'execute')"));
    }

    private static async Task<string> RefusedAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(CancellationToken.None));
        return refused.SqlState;
    }
}
