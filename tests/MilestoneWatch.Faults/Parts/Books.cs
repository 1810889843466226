using Dapper;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Faults;

/// <summary>What the database says in the end.</summary>
internal sealed record Books
{
    private const string ReadDeliveries = """
        select d.id, d.address, d.subscriber_id, d.purpose, d.key, d.due_slot, d.state, d.last_code, d.last_reply,
            coalesce(substring(convert_from(coalesce(t.headers, d.headers), 'SQL_ASCII') from '(?i)Message-ID:\s*<([^>\s]+)>'), 'none') as message_id
        from deliveries d left join delivery_contents t on t.delivery_id = d.id and t.due_slot = d.due_slot
        """;

    private const string ReadAttempts = "select delivery_id, generation, started_at, ended_at, outcome from attempts order by generation";

    private const string ReadDecisions = """
        select subscriber_id, due_slot, from_position, to_position, outcome, digest_number from decisions order by subscriber_id, due_slot
        """;

    public required IReadOnlyList<BookedDelivery> Deliveries { get; init; }
    public IReadOnlyList<BookedAttempt> Attempts { get; init; } = [];
    public IReadOnlyList<BookedDecision> Decisions { get; init; } = [];

    public static async Task<Books> ReadAsync(NpgsqlDataSource owner, CancellationToken ct)
    {
        await using var connection = await owner.OpenConnectionAsync(ct);
        return new Books
        {
            Deliveries = (
                await connection.QueryAsync<BookedDelivery>(new CommandDefinition(ReadDeliveries, cancellationToken: ct))
            ).AsList(),
            Attempts = (await connection.QueryAsync<BookedAttempt>(new CommandDefinition(ReadAttempts, cancellationToken: ct))).AsList(),
            Decisions = (await connection.QueryAsync<BookedDecision>(new CommandDefinition(ReadDecisions, cancellationToken: ct))).AsList(),
        };
    }
}

/// <summary>A row of deliveries.</summary>
internal sealed record BookedDelivery
{
    public long Id { get; init; }
    public string Address { get; init; } = "";
    public long? SubscriberId { get; init; }
    public string Purpose { get; init; } = "digest";
    public string Key { get; init; } = "";
    public Instant DueSlot { get; init; }
    public string State { get; init; } = "sent";
    public int? LastCode { get; init; }
    public string? LastReply { get; init; }
    public string MessageId { get; init; } = "";
}

/// <summary>A row of attempts.</summary>
internal sealed record BookedAttempt
{
    public long DeliveryId { get; init; }
    public int Generation { get; init; }
    public Instant StartedAt { get; init; }
    public Instant? EndedAt { get; init; }
    public string? Outcome { get; init; }
}

/// <summary>A row of decisions.</summary>
internal sealed record BookedDecision
{
    public long SubscriberId { get; init; }
    public Instant DueSlot { get; init; }
    public long FromPosition { get; init; }
    public long ToPosition { get; init; }
    public string Outcome { get; init; } = "sent";
    public int? DigestNumber { get; init; }
}
