using Dapper;
using MilestoneWatch.Mail;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Bounces;

/// <summary>The reports that were read, and the deliveries they are about.</summary>
internal static class BounceStore
{
    // a report that came first without a proof may come again with one
    private const string Insert = """
        insert into bounces (message_hash, kind, proof, email_key, address, status, diagnostic, delivery_id, read_at)
        values (@hash, @kind, @proof, @key, @address, @status, @diagnostic, @delivery, @now)
        on conflict (message_hash) do update
        set proof = excluded.proof, email_key = excluded.email_key, address = excluded.address, delivery_id = excluded.delivery_id
        where bounces.proof is null and excluded.proof is not null
        """;

    // reports of one address are counted one after the other
    private const string LockKey = "select pg_advisory_xact_lock(hashtextextended(@key, 1297564679))";

    private const string DeliveryById = """
        select id, recipient, address, coalesce(settled_at, created_at) as sent_at from deliveries where id = @id
        """;

    // whatever names no delivery is about the last mail before it
    private const string LastTo = """
        select d.id, d.recipient, d.address, coalesce(d.settled_at, d.created_at) as sent_at
        from subscribers s join deliveries d on d.recipient = 'subscriber:' || s.id::text
        where s.email_key = @key and d.state in ('sending', 'sent', 'unknown')
        order by d.due_slot desc, d.id desc limit 1
        """;

    private const string Sent = """
        select exists (select from bounces b where b.delivery_id = d.id and b.kind = 'soft' and b.proof is not null)
        from deliveries d
        where d.recipient = @recipient and d.state in ('sent', 'unknown') and (@since::timestamptz is null or d.created_at > @since)
        order by coalesce(d.settled_at, d.created_at), d.id
        """;

    private const string ReaderAddress = "select email from subscribers where id = @id and link_generation = @generation";

    /// <summary>False for a report that was counted before.</summary>
    public static async Task<bool> AddAsync(
        NpgsqlConnection connection,
        byte[] hash,
        BounceReading reading,
        string? proof,
        Mailbox? about,
        long? delivery,
        Instant now,
        CancellationToken ct
    )
    {
        var row = new
        {
            hash,
            kind = reading.Word,
            proof,
            key = about?.Key,
            address = about?.Address,
            status = reading.Status,
            diagnostic = reading.Diagnostic,
            delivery,
            now,
        };
        return await connection.ExecuteAsync(new CommandDefinition(Insert, row, cancellationToken: ct)) == 1;
    }

    /// <summary>Until the transaction ends, nobody else counts reports of this address.</summary>
    public static Task LockAsync(NpgsqlConnection connection, string key, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(LockKey, new { key }, cancellationToken: ct));

    public static Task<BouncedDelivery?> DeliveryAsync(NpgsqlConnection connection, long id, CancellationToken ct) =>
        connection.QueryFirstOrDefaultAsync<BouncedDelivery>(new CommandDefinition(DeliveryById, new { id }, cancellationToken: ct));

    public static Task<BouncedDelivery?> LastToAsync(NpgsqlConnection connection, string key, CancellationToken ct) =>
        connection.QueryFirstOrDefaultAsync<BouncedDelivery>(new CommandDefinition(LastTo, new { key }, cancellationToken: ct));

    /// <summary>Of each mail that went to a recipient, oldest first, whether it came back for now.</summary>
    public static async Task<IReadOnlyList<bool>> SoftAsync(
        NpgsqlConnection connection,
        string recipient,
        Instant? since,
        CancellationToken ct
    ) => [.. await connection.QueryAsync<bool>(new CommandDefinition(Sent, new { recipient, since }, cancellationToken: ct))];

    /// <summary>Whose link it is; null for an outdated one.</summary>
    public static Task<string?> AddressOfLinkAsync(NpgsqlConnection connection, long id, int generation, CancellationToken ct) =>
        connection.ExecuteScalarAsync<string>(new CommandDefinition(ReaderAddress, new { id, generation }, cancellationToken: ct));
}
