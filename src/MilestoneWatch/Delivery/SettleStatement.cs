using Npgsql;
using NpgsqlTypes;

namespace MilestoneWatch.Delivery;

/// <summary>
/// The pump's one statement on the way, on a connection of its own that is opened again when it was lost: settles the attempts that have ended
/// and marks the next deliveries as sending, in one commit. The step into sending commits before DATA.
/// </summary>
/// <param name="database">Connections that plan a statement once: planning takes longer than all the rest.</param>
/// <param name="worker">Whose deliveries these are.</param>
internal sealed class SettleStatement(NpgsqlDataSource database, string worker) : IAsyncDisposable
{
    // The arrays are short, and each table is read once for all of them, by key. A reader who left or paused, or an address that is suppressed,
    // is not written to. An attempt's row is written when it has ended: until then the delivery says by whom it is sent, and since when.
    internal const string SettleAndMark = """
        with settled as (
            update deliveries/*month*/ d
            set state = u.state, last_code = u.code, last_reply = u.reply, held = u.held, paced = false, worker = null, lease_until = null,
                next_attempt_at = case when u.state in ('sent', 'dead') then d.next_attempt_at
                    else least(clock_timestamp() + u.delay, d.expires_at) end,
                settled_at = case when u.state in ('sent', 'dead') then clock_timestamp() end
            from unnest($2::bigint[], $3::int[], $4::text[], $5::text[], $6::int[], $7::text[], $8::interval[], $9::boolean[])
                as u (id, generation, state, outcome, code, reply, delay, held)
            where d.id = any($2) and d.id = u.id and d.generation = u.generation and d.state = 'sending'
            returning d.id, d.due_slot, d.generation, d.sending_since, u.outcome, u.code, u.reply),
        ended as (
            insert into attempts/*month*/ (delivery_id, due_slot, generation, worker, started_at, ended_at, outcome, code, reply)
            select s.id, s.due_slot, s.generation, $1, s.sending_since, clock_timestamp(), s.outcome, s.code, s.reply from settled s),
        gone as materialized (
            select s.id, 'the reader has ' || s.state as why from subscribers s where s.id = any($12::bigint[]) and s.state in ('left', 'paused')),
        barred as materialized (
            select x.email_key, 'the address is suppressed: ' || x.reason as why
            from suppressions x where x.email_key = any($13::text[]) and x.lifted_at is null),
        next as (
            select u.id, u.generation, u.envelope, u.signature, coalesce(b.why, g.why) as stop
            from unnest($10::bigint[], $11::int[], $12::bigint[], $13::text[], $14::text[], $15::bytea[])
                as u (id, generation, reader, key, envelope, signature)
            left join gone g on g.id = u.reader left join barred b on b.email_key = u.key),
        begun as (
            update deliveries/*month*/ d
            set state = case when n.stop is null then 'sending' else 'cancelled' end,
                attempts = d.attempts + case when n.stop is null and d.state = 'leased' then 1 else 0 end,
                sending_since = case when n.stop is null then clock_timestamp() end,
                envelope_from = n.envelope,
                signature = coalesce(d.signature, n.signature),
                last_reply = coalesce(n.stop, d.last_reply),
                settled_at = case when n.stop is not null then clock_timestamp() end
            from next n
            where d.id = any($10) and d.id = n.id and d.generation = n.generation
                and (d.state = 'leased' or (d.state = 'sending' and d.worker = $1))
            returning d.id, d.state)
        select array(select id from settled), array(select id from begun where state = 'sending')
        """;

    // What was not sending any more: it was settled before and the answer lost, or the worker woke up after its lease. Then it may still say that the
    // mail was accepted, and how its own attempt ended; whoever has taken the delivery over goes on.
    internal const string SettleLate = """
        with accepted as (
            update deliveries/*month*/ d
            set state = 'sent', last_code = u.code, last_reply = u.reply, held = false, paced = false, worker = null, lease_until = null,
                settled_at = clock_timestamp()
            from unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::int[], $6::text[]) as u (id, generation, state, outcome, code, reply)
            where d.id = any($1) and d.id = u.id and d.generation = u.generation and d.state = 'unknown' and u.state = 'sent')
        update attempts/*month*/ a
        set ended_at = clock_timestamp(), outcome = u.outcome, code = u.code, reply = u.reply
        from unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::int[], $6::text[]) as u (id, generation, state, outcome, code, reply)
        where a.delivery_id = any($1) and a.delivery_id = u.id and a.generation = u.generation
        """;

    private NpgsqlConnection? _connection;

    /// <summary>The ids of what may be sent. Safe to repeat after a commit whose answer was lost: what is settled stays, what is marked is said again.</summary>
    public async Task<HashSet<long>> RunAsync(IReadOnlyList<Step> steps)
    {
        // a statement that hangs is cut off by the command's own time limit, never by whoever stops the run
        var connection = _connection ??= await database.OpenConnectionAsync(CancellationToken.None);
        try
        {
            var (settled, marked) = await SettleAndMarkAsync(connection, steps);
            Settled[] late = [.. steps.Select(step => step.Done).OfType<Settled>().Where(one => !settled.Contains(one.Delivery.Id))];
            if (late.Length > 0)
            {
                await SettleLateAsync(connection, late);
            }
            return marked;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    private async Task<(HashSet<long> Settled, HashSet<long> Marked)> SettleAndMarkAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Step> steps
    )
    {
        var done = steps.Select(step => step.Done).OfType<Settled>().ToLookup(one => SlotMonth.Of(one.Delivery.DueSlot));
        var next = steps.Select(step => step.Next).OfType<ClaimedDelivery>().ToLookup(one => SlotMonth.Of(one.DueSlot));
        await using var batch = new NpgsqlBatch(connection) { Timeout = 30 };
        foreach (var month in done.Select(one => one.Key).Union(next.Select(one => one.Key)))
        {
            batch.BatchCommands.Add(SettleAndMarkIn(month, [.. done[month]], [.. next[month]]));
        }
        var (settled, marked) = (new HashSet<long>(), new HashSet<long>());
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        do
        {
            while (await reader.ReadAsync(CancellationToken.None))
            {
                settled.UnionWith(reader.GetFieldValue<long[]>(0));
                marked.UnionWith(reader.GetFieldValue<long[]>(1));
            }
        } while (await reader.NextResultAsync(CancellationToken.None));
        return (settled, marked);
    }

    private NpgsqlBatchCommand SettleAndMarkIn(SlotMonth month, Settled[] done, ClaimedDelivery[] next)
    {
        var command = new NpgsqlBatchCommand(month.On(SettleAndMark));
        command.Parameters.Add(new() { Value = worker });
        AddEnds(command, done);
        Add(command, NpgsqlDbType.Interval, done, one => one.Delay);
        Add(command, NpgsqlDbType.Boolean, done, one => one.Held);
        Add(command, NpgsqlDbType.Bigint, next, one => one.Id);
        Add(command, NpgsqlDbType.Integer, next, one => one.Generation);
        Add(command, NpgsqlDbType.Bigint, next, one => one.SubscriberId);
        Add(command, NpgsqlDbType.Text, next, one => one.AddressKey);
        Add(command, NpgsqlDbType.Text, next, one => one.EnvelopeFrom);
        Add(command, NpgsqlDbType.Bytea, next, one => one.Signature);
        return command;
    }

    private static async Task SettleLateAsync(NpgsqlConnection connection, Settled[] late)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 30 };
        foreach (var month in late.GroupBy(one => SlotMonth.Of(one.Delivery.DueSlot)))
        {
            var command = new NpgsqlBatchCommand(month.Key.On(SettleLate));
            AddEnds(command, [.. month]);
            batch.BatchCommands.Add(command);
        }
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>How each attempt has ended; both statements take it in this order.</summary>
    private static void AddEnds(NpgsqlBatchCommand command, Settled[] done)
    {
        Add(command, NpgsqlDbType.Bigint, done, one => one.Delivery.Id);
        Add(command, NpgsqlDbType.Integer, done, one => one.Delivery.Generation);
        Add(command, NpgsqlDbType.Text, done, one => one.State);
        Add(command, NpgsqlDbType.Text, done, one => one.Result.Outcome.ToString());
        Add(command, NpgsqlDbType.Integer, done, one => one.Result.Code);
        Add(command, NpgsqlDbType.Text, done, one => one.Result.Reply);
    }

    private static void Add<T, TValue>(NpgsqlBatchCommand command, NpgsqlDbType type, T[] of, Converter<T, TValue> value) =>
        command.Parameters.Add(new() { Value = Array.ConvertAll(of, value), NpgsqlDbType = NpgsqlDbType.Array | type });
}
