using Dapper;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Subscribers;

/// <summary>Counts in windows, one row a bucket, shared by all replicas.</summary>
internal static class LimitStore
{
    private const string Take = """
        insert into limits as l (bucket, used, ends_at) values (@bucket, 1, @endsAt)
        on conflict (bucket) do update
        set used = case when l.ends_at <= @now then 1 else l.used + 1 end,
            ends_at = case when l.ends_at <= @now then excluded.ends_at else l.ends_at end
        where l.ends_at <= @now or l.used < @most
        returning used, ends_at
        """;

    private const string EndsAt = "select ends_at from limits where bucket = @bucket";

    private const string Clean = """
        delete from limits where bucket in (
            select bucket from limits where ends_at <= @now order by ends_at limit 1000 for update skip locked)
        """;

    /// <summary>Takes one of the window's <paramref name="most"/>; when there is none left, how long until the next window.</summary>
    public static async Task<Duration?> TakeAsync(
        NpgsqlConnection connection,
        byte[] bucket,
        int most,
        Duration window,
        Instant now,
        CancellationToken ct
    )
    {
        var taken = await CountAsync(connection, bucket, most, window, now, ct);
        return taken.Given ? null : taken.Until;
    }

    /// <summary>The same, and what is left of it.</summary>
    public static async Task<Taken> CountAsync(
        NpgsqlConnection connection,
        byte[] bucket,
        int most,
        Duration window,
        Instant now,
        CancellationToken ct
    )
    {
        var wanted = new
        {
            bucket,
            most,
            now,
            endsAt = now + window,
        };
        var row = await connection.QuerySingleOrDefaultAsync<(int Used, Instant EndsAt)?>(
            new CommandDefinition(Take, wanted, cancellationToken: ct)
        );
        if (row is var (used, until))
        {
            return new Taken(true, most - used, until - now);
        }
        var endsAt = await connection.ExecuteScalarAsync<Instant?>(new CommandDefinition(EndsAt, new { bucket }, cancellationToken: ct));
        return new Taken(false, 0, Duration.Max(Duration.FromSeconds(1), (endsAt ?? now) - now));
    }

    /// <summary>Forgets windows that have ended.</summary>
    public static Task CleanAsync(NpgsqlConnection connection, Instant now, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Clean, new { now }, cancellationToken: ct));
}
