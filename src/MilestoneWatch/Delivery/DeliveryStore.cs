using Dapper;
using MilestoneWatch.Mail;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace MilestoneWatch.Delivery;

/// <summary>
/// The deliveries' table and its state machine: ready → leased → sending → sent | ready | dead | unknown, plus expired and cancelled.
/// Every write after the claim names the generation; retry delays and leases use the database's clock.
/// </summary>
internal static class DeliveryStore
{
    private const string EnsureSlot = "select ensure_slot_partitions(@slot)";

    private const string InsertAudience = """
        insert into audiences (purpose, from_position, to_position, language, subject_line, boundary, segments, markers, held, created_at)
        values (@purpose, @from, @to, @language, @subject, @boundary, @segments, @markers, @held, @now) returning id
        """;

    private const string Copy = """
        copy deliveries (recipient, due_slot, key, purpose, subscriber_id, address, audience_id, next_attempt_at, expires_at,
            envelope_from, headers, personal, created_at) from stdin (format binary)
        """;

    private const string DatabaseClock = "select clock_timestamp()";
    private static readonly Duration Life = Duration.FromDays(4);

    private const string Ring = "select pg_notify('milestonewatch_delivery', '')";

    private const string Claim = """
        with due as (
            select recipient, due_slot, key from deliveries
            where state in ('ready', 'unknown') and next_attempt_at <= clock_timestamp() and expires_at > clock_timestamp()
            order by next_attempt_at limit @batch for update skip locked)
        update deliveries d
        set state = 'leased', generation = d.generation + 1, worker = @worker, lease_until = clock_timestamp() + interval '5 minutes'
        from due, audiences a
        where d.recipient = due.recipient and d.due_slot = due.due_slot and d.key = due.key and a.id = d.audience_id
        returning d.id, d.due_slot, d.generation, d.attempts, d.purpose, d.address, d.envelope_from, d.headers, d.personal, d.created_at, a.segments
        """;

    // The step into sending commits before DATA; a reader who has left or paused meanwhile is not written to.
    private const string MarkSending = """
        with marked as (
            update deliveries d
            set state = case when s.state in ('left', 'paused') then 'cancelled' else 'sending' end,
                attempts = d.attempts + case when s.state in ('left', 'paused') then 0 else 1 end,
                lease_until = case when s.state in ('left', 'paused') then null else clock_timestamp() + interval '15 minutes' end,
                settled_at = case when s.state in ('left', 'paused') then clock_timestamp() end
            from deliveries x left join subscribers s on s.id = x.subscriber_id
            where d.id = @id and d.due_slot = @dueSlot and d.generation = @generation and d.state = 'leased'
                and x.id = d.id and x.due_slot = d.due_slot
            returning d.id, d.due_slot, d.state)
        , begun as (
            insert into attempts (delivery_id, due_slot, generation, worker, started_at)
            select id, due_slot, @generation, @worker, clock_timestamp() from marked where state = 'sending')
        select state from marked
        """;

    // A worker that woke up after its lease may still say that the mail was accepted, and nothing else.
    private const string Settle = """
        with ended as (
            update attempts set ended_at = clock_timestamp(), outcome = @outcome, code = @code, reply = @reply
            where delivery_id = @id and due_slot = @dueSlot and generation = @generation)
        update deliveries
        set state = @state, last_code = @code, last_reply = @reply, lease_until = null,
            next_attempt_at = clock_timestamp() + @delay, settled_at = case when @state in ('sent', 'dead') then clock_timestamp() end
        where id = @id and due_slot = @dueSlot and generation = @generation
            and (state = 'sending' or (state = 'unknown' and @state = 'sent'))
        """;

    private const string Release = """
        update deliveries set state = 'ready', lease_until = null
        where id = @id and due_slot = @dueSlot and generation = @generation and state = 'leased'
        """;

    // An expired lease: not begun goes back, begun may have been accepted. The generation stays, so that a late worker can still settle.
    private const string Rescue = """
        update deliveries
        set state = case when expires_at <= clock_timestamp() and state in ('ready', 'unknown') then 'expired'
                when state = 'leased' then 'ready' else 'unknown' end,
            next_attempt_at = case when state = 'sending' then clock_timestamp() + interval '15 minutes' else next_attempt_at end,
            settled_at = case when expires_at <= clock_timestamp() and state in ('ready', 'unknown') then clock_timestamp() end
        where (state in ('leased', 'sending') and lease_until < clock_timestamp())
            or (state in ('ready', 'unknown') and expires_at <= clock_timestamp())
        """;

    private const string Beat = """
        insert into passes (name, beat_at) values ('delivery', clock_timestamp()) on conflict (name) do update set beat_at = excluded.beat_at
        """;

    // What waits is found by its partial index, what died by its month.
    private const string Count = """
        select
            (select count(*) from deliveries where state = 'ready') as waiting,
            (select count(*) from deliveries where state = 'unknown') as unknown,
            (select count(*) from deliveries where state = 'dead' and due_slot > clock_timestamp() - interval '30 days') as dead,
            (select d.last_reply from deliveries d
                join attempts a on a.delivery_id = d.id and a.generation = d.generation and a.due_slot = d.due_slot
                where d.state = 'ready' and a.outcome = 'RelayTrouble' order by a.ended_at desc limit 1) as trouble
        """;

    /// <summary>The month's partitions; made ahead of the first delivery that needs them.</summary>
    public static Task EnsureSlotAsync(NpgsqlConnection connection, Instant slot, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(EnsureSlot, new { slot }, cancellationToken: ct));

    /// <summary>One rendering for all readers who would read the same; its id.</summary>
    public static Task<long> AddAudienceAsync(
        NpgsqlConnection connection,
        NewAudience audience,
        EncodedBody body,
        Instant now,
        CancellationToken ct
    ) =>
        connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                InsertAudience,
                new
                {
                    audience.Purpose,
                    audience.From,
                    audience.To,
                    audience.Language,
                    audience.Subject,
                    boundary = body.Boundary,
                    segments = body.Shared.Select(segment => segment.ToArray()).ToArray(),
                    markers = body.Slots.Select(slot => slot.Name).ToArray(),
                    audience.Held,
                    now,
                },
                cancellationToken: ct
            )
        );

    /// <summary>Writes deliveries, ready at once.</summary>
    public static async Task AddAsync(NpgsqlConnection connection, IReadOnlyList<NewDelivery> deliveries, CancellationToken ct)
    {
        var ready = await connection.ExecuteScalarAsync<Instant>(new CommandDefinition(DatabaseClock, cancellationToken: ct));
        await using var copy = await connection.BeginBinaryImportAsync(Copy, ct);
        foreach (var delivery in deliveries)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(delivery.Recipient, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(delivery.Slot, NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync(delivery.Key, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(delivery.Purpose, NpgsqlDbType.Text, ct);
            await (delivery.SubscriberId is { } reader ? copy.WriteAsync(reader, NpgsqlDbType.Bigint, ct) : copy.WriteNullAsync(ct));
            await copy.WriteAsync(delivery.Address, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(delivery.AudienceId, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(ready, NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync(ready + Life, NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync(delivery.EnvelopeFrom, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(delivery.Headers, NpgsqlDbType.Bytea, ct);
            await copy.WriteAsync(
                delivery.Personal.Select(segment => segment.ToArray()).ToArray(),
                NpgsqlDbType.Array | NpgsqlDbType.Bytea,
                ct
            );
            await copy.WriteAsync(delivery.CreatedAt, NpgsqlDbType.TimestampTz, ct);
        }
        await copy.CompleteAsync(ct);
    }

    /// <summary>Wakes the pumps, here and elsewhere, when the transaction commits.</summary>
    public static Task RingAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Ring, cancellationToken: ct));

    public static async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(
        NpgsqlConnection connection,
        string worker,
        int batch,
        CancellationToken ct
    ) => [.. await connection.QueryAsync<ClaimedDelivery>(new CommandDefinition(Claim, new { worker, batch }, cancellationToken: ct))];

    /// <summary>Whether the message may be sent: false when its reader left meanwhile, or another worker has it.</summary>
    public static async Task<bool> MarkSendingAsync(
        NpgsqlConnection connection,
        ClaimedDelivery claimed,
        string worker,
        CancellationToken ct
    ) =>
        await connection.ExecuteScalarAsync<string>(
            new CommandDefinition(
                MarkSending,
                new
                {
                    claimed.Id,
                    claimed.DueSlot,
                    claimed.Generation,
                    worker,
                },
                cancellationToken: ct
            )
        ) == "sending";

    public static Task SettleAsync(
        NpgsqlConnection connection,
        ClaimedDelivery claimed,
        string state,
        string outcome,
        int? code,
        string reply,
        Duration delay,
        CancellationToken ct
    ) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                Settle,
                new
                {
                    claimed.Id,
                    claimed.DueSlot,
                    claimed.Generation,
                    state,
                    outcome,
                    code,
                    reply,
                    delay = delay.ToTimeSpan(),
                },
                cancellationToken: ct
            )
        );

    public static Task ReleaseAsync(NpgsqlConnection connection, ClaimedDelivery claimed, CancellationToken ct) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                Release,
                new
                {
                    claimed.Id,
                    claimed.DueSlot,
                    claimed.Generation,
                },
                cancellationToken: ct
            )
        );

    public static async Task RescueAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await connection.ExecuteAsync(new CommandDefinition(Rescue, cancellationToken: ct));
        await connection.ExecuteAsync(new CommandDefinition(Beat, cancellationToken: ct));
    }

    public static Task<DeliveryCounts> CountAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.QuerySingleAsync<DeliveryCounts>(new CommandDefinition(Count, cancellationToken: ct));
}
