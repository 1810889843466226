using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace MilestoneWatch.Record;

/// <summary>Appends to the ledger: one call of append_entries, whose own comment states the guarantees.</summary>
internal static class Ledger
{
    public const string StaleRevision = "MW412";
    public const string ClockBehind = "MW409";

    private const string Append = """
        select entry_position, entry_recorded_at
        from append_entries(@now, @lock, @expect, @milestone, @kind, @occasion, @happened_on, @happened_at, @actor,
            @retracts, @salt, @body, @state, @self, @next_check_at, @door)
        """;

    /// <summary>The positions, in the drafts' order; null for an occasion that was on record already.</summary>
    /// <param name="connection">Open; in a transaction where more than this call must hold together.</param>
    /// <param name="now">The run's clock.</param>
    /// <param name="expected">The milestones that change and the revision seen of each, or null for the clock's entries.</param>
    /// <param name="drafts">In order; a state's position -n is the n-th draft's.</param>
    /// <param name="door">Through which they came.</param>
    /// <param name="ct">Stops waiting; what was not committed was not recorded.</param>
    /// <exception cref="PostgresException"><see cref="StaleRevision"/> or <see cref="ClockBehind"/>: nothing was recorded.</exception>
    public static async Task<IReadOnlyList<long?>> AppendAsync(
        NpgsqlConnection connection,
        Instant now,
        IReadOnlyDictionary<long, int?> expected,
        IReadOnlyList<Draft> drafts,
        Door door,
        CancellationToken ct
    )
    {
        var locks = expected.Keys.Order().ToArray();
        var states = drafts.Select(draft => Pending(draft.State)).ToArray();
        await using var command = new NpgsqlCommand(Append, connection);
        var parameters = command.Parameters;
        parameters.AddWithValue("now", NpgsqlDbType.TimestampTz, Micros(now));
        Add("lock", NpgsqlDbType.Bigint, locks);
        Add("expect", NpgsqlDbType.Integer, locks.Select(id => expected[id]).ToArray());
        Add("milestone", NpgsqlDbType.Bigint, drafts.Select(draft => draft.MilestoneId).ToArray());
        Add("kind", NpgsqlDbType.Text, drafts.Select(draft => LedgerJson.WriteEnum(draft.Kind)).ToArray());
        Add("occasion", NpgsqlDbType.Text, drafts.Select(draft => draft.Occasion).ToArray());
        Add("happened_on", NpgsqlDbType.Date, drafts.Select(draft => draft.HappenedOn).ToArray());
        Add(
            "happened_at",
            NpgsqlDbType.TimestampTz,
            drafts.Select(draft => draft.HappenedAt is { } at ? Micros(at) : (Instant?)null).ToArray()
        );
        Add("actor", NpgsqlDbType.Uuid, drafts.Select(draft => draft.Actor).ToArray());
        Add("retracts", NpgsqlDbType.Bigint, drafts.Select(draft => draft.Retracts).ToArray());
        Add("salt", NpgsqlDbType.Bytea, drafts.Select(_ => RandomNumberGenerator.GetBytes(16)).ToArray());
        Add("body", NpgsqlDbType.Text, drafts.Select(draft => LedgerJson.Write(draft.Body)).ToArray());
        Add("state", NpgsqlDbType.Jsonb, states.Select(state => state.Json).ToArray());
        Add("self", NpgsqlDbType.Text, states.Select(state => state.Keys).ToArray());
        Add(
            "next_check_at",
            NpgsqlDbType.TimestampTz,
            drafts.Select(draft => draft.NextCheckAt is { } at ? Micros(at) : (Instant?)null).ToArray()
        );
        parameters.AddWithValue("door", NpgsqlDbType.Text, LedgerJson.WriteEnum(door));

        var positions = new List<long?>(drafts.Count);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            positions.Add(await reader.IsDBNullAsync(0, ct) ? null : reader.GetInt64(0));
        }
        return positions;

        void Add<T>(string name, NpgsqlDbType type, T[] values) => parameters.AddWithValue(name, NpgsqlDbType.Array | type, values);
    }

    /// <summary>Postgres keeps microseconds: what is stored is what was compared.</summary>
    public static Instant Micros(Instant instant) =>
        Instant.FromUnixTimeTicks(instant.ToUnixTimeTicks() - (((instant.ToUnixTimeTicks() % 10) + 10) % 10));

    private static (string? Json, string? Keys) Pending(MilestoneState? state)
    {
        if (state is null)
        {
            return (null, null);
        }
        var json = (JsonObject)JsonSerializer.SerializeToNode(state, LedgerJson.Options)!;
        var pending = json.Where(pair =>
                pair.Key.EndsWith("position", StringComparison.Ordinal) && pair.Value is { } value && value.GetValue<long>() < 0
            )
            .Select(pair => pair.Key);
        return (json.ToJsonString(LedgerJson.Options), string.Join(',', pending));
    }
}
