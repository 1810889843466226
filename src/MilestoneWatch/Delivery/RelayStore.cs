using Dapper;
using Npgsql;

namespace MilestoneWatch.Delivery;

/// <summary>The breaker: a relay that takes no mail rests, for all replicas together, and then one mail of one of them is the probe.</summary>
internal static class RelayStore
{
    private const string Find = """
        select trouble, rest_until, rest_until <= clock_timestamp() as rested from relays where name = @relay and trouble is not null
        """;

    // Locked by a statement of its own: who waited for another's probe must then see, with a new snapshot, that there is one.
    private const string Lock = "select from relays where name = @relay for update";

    private const string Probe = """
        update relays set probe_by = @worker
        where name = @relay and trouble is not null and rest_until <= clock_timestamp()
            and not exists (select from workers w where w.name = probe_by and w.name <> @worker)
        """;

    // Half a minute at first, doubled with each probe that failed, 5 minutes at most.
    private const string Trip = """
        insert into relays (name, trouble, code, troubled_at, failures, rest_until)
        values (@relay, @trouble, @code, clock_timestamp(), 1, clock_timestamp() + interval '30 seconds')
        on conflict (name) do update
        set trouble = excluded.trouble, code = excluded.code, probe_by = null,
            troubled_at = case when relays.trouble is null then excluded.troubled_at else relays.troubled_at end,
            failures = relays.failures + 1,
            rest_until = clock_timestamp() + least(interval '30 seconds' * (1 << least(relays.failures, 4)), interval '5 minutes')
        """;

    private const string Heal = """
        update relays set trouble = null, code = null, troubled_at = null, failures = 0, rest_until = null, probe_by = null
        where name = @relay and trouble is not null
        """;

    /// <summary>What the relay said when it last took no mail at all; null where it takes mail.</summary>
    public static async Task<RelayTrouble?> FindAsync(NpgsqlConnection connection, string relay, CancellationToken ct) =>
        await connection.QuerySingleOrDefaultAsync<RelayTrouble>(new CommandDefinition(Find, new { relay }, cancellationToken: ct));

    /// <summary>Whether this worker is the one that may try.</summary>
    public static async Task<bool> ProbeAsync(NpgsqlConnection connection, string relay, string worker, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition(Lock, new { relay }, cancellationToken: ct));
        var mine = await connection.ExecuteAsync(new CommandDefinition(Probe, new { relay, worker }, cancellationToken: ct)) == 1;
        await transaction.CommitAsync(ct);
        return mine;
    }

    public static Task TripAsync(NpgsqlConnection connection, string relay, string trouble, int? code, CancellationToken ct) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                Trip,
                new
                {
                    relay,
                    trouble,
                    code,
                },
                cancellationToken: ct
            )
        );

    public static Task HealAsync(NpgsqlConnection connection, string relay, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Heal, new { relay }, cancellationToken: ct));
}
