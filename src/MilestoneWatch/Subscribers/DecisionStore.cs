using Dapper;
using MilestoneWatch.Digests;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace MilestoneWatch.Subscribers;

/// <summary>Every due digest and what came of it, kept 25 months.</summary>
internal static class DecisionStore
{
    private const string Of = """
        select d.due_slot, d.outcome, d.from_position, d.to_position, d.digest_number, a.purpose, a.subject_line, a.held,
            v.state as delivery_state, v.last_reply
        from decisions d
        left join audiences a on a.id = d.audience_id
        -- by the reader and the time alone: joined by row, all deliveries of two years would be read
        left join deliveries v on v.recipient = 'subscriber:' || @subscriberId::bigint and v.due_slot >= @since
            and v.due_slot = d.due_slot and v.purpose in ('digest', 'welcome')
        where d.subscriber_id = @subscriberId and d.due_slot >= @since order by d.due_slot
        """;

    private const string Copy = """
        copy decisions (subscriber_id, due_slot, decided_at, from_position, to_position, outcome, digest_number, audience_id)
        from stdin (format binary)
        """;

    /// <summary>A reader's due digests from an instant on, oldest first.</summary>
    public static async Task<IReadOnlyList<Decision>> OfAsync(
        NpgsqlConnection connection,
        long subscriberId,
        Instant since,
        CancellationToken ct
    ) => [.. await connection.QueryAsync<Decision>(new CommandDefinition(Of, new { subscriberId, since }, cancellationToken: ct))];

    public static async Task AddAsync(NpgsqlConnection connection, IReadOnlyList<DecidedDigest> decided, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync(Copy, ct);
        foreach (var digest in decided)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(digest.Advanced.Seen.Id, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(digest.Slot, NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync(digest.DecidedAt, NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync(digest.Advanced.Seen.Position, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(digest.Advanced.Position, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(digest.Outcome, NpgsqlDbType.Text, ct);
            await (digest.Number is { } number ? copy.WriteAsync(number, NpgsqlDbType.Integer, ct) : copy.WriteNullAsync(ct));
            await (digest.AudienceId is { } audience ? copy.WriteAsync(audience, NpgsqlDbType.Bigint, ct) : copy.WriteNullAsync(ct));
        }
        await copy.CompleteAsync(ct);
    }
}
