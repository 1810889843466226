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
        copy deliveries (id, recipient, due_slot, key, purpose, subscriber_id, address, audience_id, next_attempt_at, expires_at,
            envelope_from, created_at) from stdin (format binary)
        """;

    private const string CopyContents = """
        copy delivery_contents (delivery_id, due_slot, headers, personal) from stdin (format binary)
        """;

    private const string NewIds = "select nextval('delivery_ids') from generate_series(1, @count)";
    private const string DatabaseClock = "select clock_timestamp()";
    private static readonly Duration HeadStart = Duration.FromDays(1);

    private const string Ring = "select pg_notify('milestonewatch_delivery', '')";

    // Nothing for a worker whose lease others have ended: what it took would belong to nobody. The lock makes them wait until it is taken.
    // What is held waits, and expires. The order is the open ones' index: it is walked no further than the batch.
    internal const string Claim = """
        with mine as materialized (select 1 from workers w where w.name = @worker for key share),
        due as (
            select d.id, d.expires_at <= clock_timestamp() as over
            from deliveries/*month*/ d
            where exists (select from mine)
                and d.settled_at is null and d.next_attempt_at <= clock_timestamp() and (d.next_attempt_at, d.id) > (@after, @afterId)
                and d.state in ('ready', 'unknown') and (not d.held or d.expires_at <= clock_timestamp())
            order by d.next_attempt_at, d.id limit @batch for update skip locked),
        claimed as (
            update deliveries/*month*/ d
            set state = case when due.over then 'expired' else 'leased' end,
                generation = d.generation + case when due.over then 0 else 1 end,
                worker = case when due.over then null else @worker end,
                settled_at = case when due.over then clock_timestamp() end
            from due
            where d.id = any(array(select id from due)) and d.id = due.id
            returning d.id, d.due_slot, d.generation, d.attempts, d.purpose, d.address, d.subscriber_id, d.audience_id, d.paced, d.envelope_from,
                d.headers, d.personal, d.signature, d.created_at, d.next_attempt_at, d.state)
        select c.id, c.due_slot, c.generation, c.attempts, c.purpose, c.address, c.subscriber_id, c.audience_id, c.paced, c.envelope_from,
            coalesce(t.headers, c.headers) as headers, coalesce(t.personal, c.personal) as personal, c.signature, c.created_at, c.next_attempt_at,
            c.state = 'expired' as expired
        from claimed c
        left join delivery_contents/*month*/ t on t.delivery_id = any(array(select id from claimed)) and t.delivery_id = c.id
        order by c.next_attempt_at, c.id
        """;

    // A look at the first of each month that is kept.
    private const string DueMonths = """
        select m.name
        from (
            select right(c.relname, 7) as name, to_date(right(c.relname, 7), 'YYYY_MM')::timestamp as month
            from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'deliveries'::regclass) m
        cross join lateral (
            select d.next_attempt_at, d.id
            from deliveries d
            where d.due_slot >= m.month at time zone 'UTC' and d.due_slot < (m.month + interval '1 month') at time zone 'UTC'
                and d.settled_at is null and d.next_attempt_at <= clock_timestamp()
                and d.state in ('ready', 'unknown') and (not d.held or d.expires_at <= clock_timestamp())
            order by d.next_attempt_at, d.id limit 1) first
        order by first.next_attempt_at, first.id
        """;

    private const string Segments = "select id, segments from audiences where id = any(@ids)";

    private const string Release = """
        update deliveries d
        set state = 'ready', worker = null, paced = u.paced,
            next_attempt_at = case when u.paced then clock_timestamp() + u.delay else d.next_attempt_at end
        from unnest(@ids::bigint[], @slots::timestamptz[], @delays::interval[], @paced::boolean[]) as u (id, slot, delay, paced)
        where d.id = u.id and d.due_slot = u.slot and d.state = 'leased' and d.worker = @worker
        """;

    private const string IsDue = """
        select exists (
            select from deliveries
            where settled_at is null and next_attempt_at <= clock_timestamp() and state in ('ready', 'unknown')
                and (not held or expires_at <= clock_timestamp()))
        """;

    private const string Beat = """
        insert into passes (name, beat_at) values ('delivery', clock_timestamp()) on conflict (name) do update set beat_at = excluded.beat_at
        """;

    private const string Waiting =
        "select count(*) from deliveries where settled_at is null and not held and state in ('ready', 'unknown')";

    // What waits is found by its partial index, what died by its month.
    private const string Count = """
        select
            (select count(*) from deliveries where settled_at is null and state = 'ready') as waiting,
            (select count(*) from deliveries where settled_at is null and state = 'unknown') as unknown,
            (select count(*) from deliveries where state = 'dead' and due_slot > clock_timestamp() - interval '30 days') as dead,
            (select trouble from relays where name = @relay) as trouble
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

    /// <summary>Writes deliveries, ready at once. In a transaction: what they say is written beside them.</summary>
    public static async Task AddAsync(NpgsqlConnection connection, IReadOnlyList<NewDelivery> deliveries, CancellationToken ct)
    {
        var ids = (
            await connection.QueryAsync<long>(new CommandDefinition(NewIds, new { count = deliveries.Count }, cancellationToken: ct))
        ).AsList();
        var ready = await connection.ExecuteScalarAsync<Instant>(new CommandDefinition(DatabaseClock, cancellationToken: ct));
        await using (var copy = await connection.BeginBinaryImportAsync(Copy, ct))
        {
            foreach (var (id, delivery) in ids.Zip(deliveries))
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(id, NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(delivery.Recipient, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(delivery.Slot, NpgsqlDbType.TimestampTz, ct);
                await copy.WriteAsync(delivery.Key, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(delivery.Purpose, NpgsqlDbType.Text, ct);
                await (delivery.SubscriberId is { } reader ? copy.WriteAsync(reader, NpgsqlDbType.Bigint, ct) : copy.WriteNullAsync(ct));
                await copy.WriteAsync(delivery.Address, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(delivery.AudienceId, NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(ready - Head(delivery.Purpose), NpgsqlDbType.TimestampTz, ct);
                await copy.WriteAsync(ready + delivery.Life, NpgsqlDbType.TimestampTz, ct);
                await copy.WriteAsync(delivery.EnvelopeFrom, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(delivery.CreatedAt, NpgsqlDbType.TimestampTz, ct);
            }
            await copy.CompleteAsync(ct);
        }
        await using var contents = await connection.BeginBinaryImportAsync(CopyContents, ct);
        foreach (var (id, delivery) in ids.Zip(deliveries))
        {
            await contents.StartRowAsync(ct);
            await contents.WriteAsync(id, NpgsqlDbType.Bigint, ct);
            await contents.WriteAsync(delivery.Slot, NpgsqlDbType.TimestampTz, ct);
            await contents.WriteAsync(delivery.Headers, NpgsqlDbType.Bytea, ct);
            await contents.WriteAsync(
                delivery.Personal.Select(segment => segment.ToArray()).ToArray(),
                NpgsqlDbType.Array | NpgsqlDbType.Bytea,
                ct
            );
        }
        await contents.CompleteAsync(ct);
    }

    // who has just clicked waits for it: before any backlog of digests
    private static Duration Head(string purpose) => purpose is "confirmation" or "sign_in" or "welcome" ? HeadStart : Duration.Zero;

    /// <summary>Wakes the pumps, here and elsewhere, when the transaction commits.</summary>
    public static Task RingAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Ring, cancellationToken: ct));

    /// <summary>The months that have something due, the one that has waited longest first.</summary>
    public static async Task<IEnumerable<SlotMonth>> DueMonthsAsync(NpgsqlConnection connection, CancellationToken ct) =>
        (await connection.QueryAsync<string>(new CommandDefinition(DueMonths, cancellationToken: ct))).Select(SlotMonth.Named);

    /// <summary>Leases what is due of a month, the longest due first. What has outlived its digest expires, and is returned as such.</summary>
    /// <param name="connection">One of <see cref="DeliveryDatabase"/>.</param>
    /// <param name="worker">Whose it becomes.</param>
    /// <param name="month">Whose due slots.</param>
    /// <param name="batch">At most so many.</param>
    /// <param name="after">Where in the order to begin; null at its start.</param>
    /// <param name="ct">Stops waiting.</param>
    public static async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(
        NpgsqlConnection connection,
        string worker,
        SlotMonth month,
        int batch,
        ClaimedDelivery? after,
        CancellationToken ct
    ) =>
        [
            .. await connection.QueryAsync<ClaimedDelivery>(
                new CommandDefinition(
                    month.On(Claim),
                    new
                    {
                        worker,
                        batch,
                        after = after?.NextAttemptAt ?? Instant.FromUnixTimeTicks(0),
                        afterId = after?.Id ?? 0,
                    },
                    cancellationToken: ct
                )
            ),
        ];

    /// <summary>The shared segments of these audiences.</summary>
    public static Task<IEnumerable<(long Id, byte[][] Segments)>> SegmentsAsync(
        NpgsqlConnection connection,
        long[] ids,
        CancellationToken ct
    ) => connection.QueryAsync<(long Id, byte[][] Segments)>(new CommandDefinition(Segments, new { ids }, cancellationToken: ct));

    /// <summary>Gives back what was leased and not begun; with a delay, to be taken up again when its domain's turn has come.</summary>
    public static Task ReleaseAsync(
        NpgsqlConnection connection,
        string worker,
        IReadOnlyList<(ClaimedDelivery Delivery, TimeSpan? Delay)> leased,
        CancellationToken ct
    ) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                Release,
                new
                {
                    worker,
                    ids = leased.Select(one => one.Delivery.Id).ToArray(),
                    slots = leased.Select(one => one.Delivery.DueSlot).ToArray(),
                    delays = leased.Select(one => one.Delay ?? TimeSpan.Zero).ToArray(),
                    paced = leased.Select(one => one.Delay is not null || one.Delivery.Paced).ToArray(),
                },
                cancellationToken: ct
            )
        );

    /// <summary>Whether a claim would find anything.</summary>
    public static Task<bool> IsDueAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition(IsDue, cancellationToken: ct));

    /// <summary>How many wait, whether their time has come or not.</summary>
    public static Task<long> WaitingAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.ExecuteScalarAsync<long>(new CommandDefinition(Waiting, cancellationToken: ct));

    /// <summary>A sign that the pass is alive.</summary>
    public static Task BeatAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Beat, cancellationToken: ct));

    public static Task<DeliveryCounts> CountAsync(NpgsqlConnection connection, string relay, CancellationToken ct) =>
        connection.QuerySingleAsync<DeliveryCounts>(new CommandDefinition(Count, new { relay }, cancellationToken: ct));
}
