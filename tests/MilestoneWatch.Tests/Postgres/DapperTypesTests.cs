using Dapper;
using NodaTime;

namespace MilestoneWatch.Tests.Postgres;

public sealed class DapperTypesTests(PostgresCluster cluster)
{
    [Fact]
    public async Task Every_value_comes_back_as_it_went_in()
    {
        await RoundTripAsync(Instant.FromUtc(2026, 9, 30, 22, 0) + Duration.FromTicks(10), "timestamptz");
        await RoundTripAsync(Instant.FromUtc(1969, 12, 31, 23, 59), "timestamptz");
        await RoundTripAsync(new LocalDate(2028, 2, 29), "date");
        await RoundTripAsync(new LocalTime(23, 59, 59), "time");
    }

    [Fact]
    public async Task Another_type_throws_and_is_never_read_as_a_default()
    {
        await RefusedAsync<LocalDate>("select 1");
        await RefusedAsync<LocalDate>("select timestamptz '2026-09-30 22:00Z'");
        await RefusedAsync<Instant>("select date '2026-09-30'");
        await RefusedAsync<Instant>("select '2026-09-30T22:00:00Z'::text");
        await RefusedAsync<LocalTime>("select interval '8 hours'");
    }

    private async Task RoundTripAsync<T>(T value, string type)
        where T : struct
    {
        await using var house = await House.OpenAsync(cluster);
        await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);
        var sql = $"select @value::{type} as value";

        Assert.Equal(value, await connection.ExecuteScalarAsync<T>(sql, new { value }));
        Assert.Equal(value, (await connection.QuerySingleAsync<Row<T>>(sql, new { value })).Value);
        Assert.Equal(value, await connection.ExecuteScalarAsync<T?>(sql, new { value = (T?)value }));
        Assert.Null(await connection.ExecuteScalarAsync<T?>(sql, new { value = (T?)null }));
        Assert.Null((await connection.QuerySingleAsync<Row<T>>(sql, new { value = (T?)null })).Value);
        Assert.Equal(
            type,
            await connection.ExecuteScalarAsync<string>(
                $"select case pg_typeof(@value)::text when 'timestamp with time zone' then 'timestamptz' when 'time without time zone' then 'time' else pg_typeof(@value)::text end",
                new { value }
            )
        );
    }

    private async Task RefusedAsync<T>(string sql)
        where T : struct
    {
        await using var house = await House.OpenAsync(cluster);
        await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);

        await Assert.ThrowsAnyAsync<Exception>(() => connection.ExecuteScalarAsync<T>(sql));
        await Assert.ThrowsAnyAsync<Exception>(() => connection.QuerySingleAsync<Row<T>>($"select value from ({sql}) as v (value)"));
    }

    private sealed record Row<T>
        where T : struct
    {
        public T? Value { get; init; }
    }
}
