using Dapper;
using Npgsql;

namespace MilestoneWatch.Delivery;

/// <summary>
/// What ops order: send again, wait, do not send. Each is one update that names the states it may leave, so that a pump at work meanwhile is
/// never overwritten; and it is done to all that were named, or to none.
/// </summary>
internal sealed class DeliveryOrders(NpgsqlDataSource database)
{
    private const int Batch = 5_000;

    /// <summary>From where a delivery can be sent again. One of unknown fate stays so until it is claimed: a late answer still counts.</summary>
    public static readonly string[] Retried = ["ready", "unknown", "dead", "expired", "cancelled"];

    private const string Retry = """
        update deliveries d
        set state = case when d.state = 'unknown' then d.state else 'ready' end, held = false, paced = false, worker = null,
            lease_until = null, settled_at = null, next_attempt_at = clock_timestamp(),
            expires_at = greatest(d.expires_at, clock_timestamp() + interval '4 days')
        from unnest(@ids::bigint[], @keys::text[]) as u (id, key)
        where d.id = u.id and d.state in ('ready', 'unknown', 'dead', 'expired', 'cancelled')
            and not exists (select from suppressions x where x.email_key = u.key and x.lifted_at is null)
            and not exists (select from subscribers s where s.id = d.subscriber_id and s.state in ('left', 'paused'))
        returning d.id, d.state, d.address
        """;

    private const string Hold = """
        update deliveries set held = true where id = any(@ids) and state in ('ready', 'unknown') returning id, state, address
        """;

    private const string Cancel = """
        update deliveries
        set state = 'cancelled', held = false, worker = null, lease_until = null, settled_at = clock_timestamp(), last_code = null,
            last_reply = @reason
        where id = any(@ids) and state in ('ready', 'unknown', 'leased', 'dead')
        returning id, state, address
        """;

    private const string Standing = """
        select d.id, d.state, d.address, coalesce(s.state, '') as reader from deliveries d left join subscribers s on s.id = d.subscriber_id
        where d.id = any(@ids)
        """;

    private const string Suppressed = "select email_key from suppressions where email_key = any(@keys) and lifted_at is null";

    private const string Meant = """
        select d.id, d.address from deliveries d
        where d.id > @after and d.state = any(@states) and (@open::boolean is null or (d.settled_at is null) = @open)
            and (@recipients::text[] is null or d.recipient = any(@recipients)) and (@purpose::text is null or d.purpose = @purpose)
            and (@since::timestamptz is null or d.due_slot >= @since) and (@until::timestamptz is null or d.due_slot < @until)
            and (@reply::text is null or strpos(lower(d.last_reply), lower(@reply)) > 0)
        order by d.id limit @limit
        """;

    /// <summary>Sends again, at once, with at least four days to do so.</summary>
    public async Task<DeliveryOrdered> RetryAsync(IReadOnlyList<long> ids, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var seen = await StandingAsync(connection, ids, ct);
        var keys = ids.Select(id => seen.TryGetValue(id, out var one) ? DeliveryDesk.KeyOf(one.Address) : "").ToArray();
        var done = await ChangeAsync(connection, Retry, new { ids = ids.ToArray(), keys }, ct);
        if (await RefusedAsync(connection, ids, done, "retried", ct) is { Count: > 0 } refused)
        {
            return new DeliveryOrdered([], refused);
        }
        await DeliveryStore.RingAsync(connection, ct);
        await transaction.CommitAsync(ct);
        return new DeliveryOrdered(done, []);
    }

    /// <summary>Sends all again that are meant. Returns how many, and how many stay: their readers left or paused, or are suppressed.</summary>
    /// <param name="filter">Names the states.</param>
    /// <param name="ct">Stops between batches.</param>
    public async Task<(long Done, long Left)> RetryAsync(DeliveryFilter filter, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var (done, left, after) = (0L, 0L, 0L);
        var meant = await DeliveryDesk.MeantAsync(connection, filter, ct);
        meant.Add("limit", Batch);
        while (true)
        {
            meant.Add("after", after);
            var batch = (
                await connection.QueryAsync<(long Id, string Address)>(new CommandDefinition(Meant, meant, cancellationToken: ct))
            ).AsList();
            if (batch.Count == 0)
            {
                return (done, left);
            }
            after = batch[^1].Id;
            var keys = batch.Select(one => DeliveryDesk.KeyOf(one.Address)).ToArray();
            await using var transaction = await connection.BeginTransactionAsync(ct);
            var changed = await ChangeAsync(connection, Retry, new { ids = batch.Select(one => one.Id).ToArray(), keys }, ct);
            await DeliveryStore.RingAsync(connection, ct);
            await transaction.CommitAsync(ct);
            (done, left) = (done + changed.Count, left + batch.Count - changed.Count);
        }
    }

    /// <summary>Waits, until it is retried or expires.</summary>
    public Task<DeliveryOrdered> HoldAsync(IReadOnlyList<long> ids, CancellationToken ct) =>
        OrderAsync(Hold, new { ids = ids.ToArray() }, ids, "held", ct);

    /// <summary>Is not sent.</summary>
    public Task<DeliveryOrdered> CancelAsync(IReadOnlyList<long> ids, string? why, CancellationToken ct) =>
        OrderAsync(
            Cancel,
            new { ids = ids.ToArray(), reason = why is null ? "cancelled by hand" : $"cancelled by hand: {why}" },
            ids,
            "cancelled",
            ct
        );

    private async Task<DeliveryOrdered> OrderAsync(string sql, object with, IReadOnlyList<long> ids, string order, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var done = await ChangeAsync(connection, sql, with, ct);
        if (await RefusedAsync(connection, ids, done, order, ct) is { Count: > 0 } refused)
        {
            return new DeliveryOrdered([], refused);
        }
        await transaction.CommitAsync(ct);
        return new DeliveryOrdered(done, []);
    }

    private static async Task<IReadOnlyList<OrderedDelivery>> ChangeAsync(
        NpgsqlConnection connection,
        string sql,
        object with,
        CancellationToken ct
    ) =>
        [.. (await connection.QueryAsync<OrderedDelivery>(new CommandDefinition(sql, with, cancellationToken: ct))).OrderBy(one => one.Id)];

    private static async Task<IReadOnlyList<string>> RefusedAsync(
        NpgsqlConnection connection,
        IReadOnlyList<long> ids,
        IReadOnlyList<OrderedDelivery> done,
        string order,
        CancellationToken ct
    )
    {
        var missing = ids.Except(done.Select(one => one.Id)).ToArray();
        if (missing.Length == 0)
        {
            return [];
        }
        var seen = await StandingAsync(connection, missing, ct);
        var keys = seen.Values.Select(one => DeliveryDesk.KeyOf(one.Address)).ToArray();
        var suppressed = (
            await connection.QueryAsync<string>(new CommandDefinition(Suppressed, new { keys }, cancellationToken: ct))
        ).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. missing.Select(id =>
                !seen.TryGetValue(id, out var one)
                    ? FormattableString.Invariant($"there is no delivery {id}: `mw delivery list` shows them")
                    : FormattableString.Invariant($"delivery {id} cannot be {order}: ")
                        + Why(one.State, one.Reader, one.Address, suppressed.Contains(DeliveryDesk.KeyOf(one.Address)), order)
            ),
        ];
    }

    private static string Why(string state, string reader, string address, bool suppressed, string order) =>
        (state, order) switch
        {
            ("sent", _) => "it is sent already",
            ("sending", _) => "it is being sent at this moment; see what comes of it",
            ("leased", _) => "a worker is about to send it; see what comes of it, or `mw delivery cancel` it",
            (_, "retried") when reader == "left" => $"{address} has left; `mw subscriber add {address}` asks them to come back",
            (_, "retried") when reader == "paused" => $"{address} has paused; `mw subscriber resume {address}` ends that",
            (_, "retried") when suppressed => $"nothing is sent to {address}; `mw suppression remove {address}` ends that",
            (_, "held") => $"it is {state}, and would not be sent anyway",
            _ => $"it is {state}",
        };

    private static async Task<Dictionary<long, (string State, string Address, string Reader)>> StandingAsync(
        NpgsqlConnection connection,
        IReadOnlyList<long> ids,
        CancellationToken ct
    ) =>
        (
            await connection.QueryAsync<(long Id, string State, string Address, string Reader)>(
                new CommandDefinition(Standing, new { ids = ids.ToArray() }, cancellationToken: ct)
            )
        ).ToDictionary(one => one.Id, one => (one.State, one.Address, one.Reader));
}
