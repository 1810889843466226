using Dapper;
using MilestoneWatch.Mail;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Delivery;

/// <summary>What ops ask of the deliveries: how many stand how, which ones, and the whole story of one.</summary>
internal static class DeliveryDesk
{
    /// <summary>What has ended is counted for so long.</summary>
    private static readonly Duration Recent = Duration.FromDays(30);

    // a slot's mails have ended, expired at the latest, within so long
    private static readonly Duration Slack = Duration.FromDays(32);

    private const string DatabaseClock = "select clock_timestamp()";

    private const string CountOpen = """
        select state, held, count(*) as n from deliveries where settled_at is null group by state, held
        """;

    // by its month's partitions
    private const string CountEnded = """
        select state, false as held, count(*) as n from deliveries where settled_at > @since and due_slot > @slots group by state
        """;

    private const string Recipients = """
        select 'subscriber:' || id from subscribers where email_key = @key
        union all
        select 'user:' || id from users where lower(email) = lower(@to)
        """;

    private const string List = """
        select d.id, d.due_slot, d.address, d.purpose, a.subject_line, d.state, d.held, d.paced, d.attempts, d.next_attempt_at, d.expires_at,
            d.settled_at, d.last_code, d.last_reply
        from deliveries d left join audiences a on a.id = d.audience_id
        where (@states::text[] is null or d.state = any(@states)) and (@open::boolean is null or (d.settled_at is null) = @open)
            and (@recipients::text[] is null or d.recipient = any(@recipients)) and (@purpose::text is null or d.purpose = @purpose)
            and (@since::timestamptz is null or d.due_slot >= @since) and (@until::timestamptz is null or d.due_slot < @until)
            and (@reply::text is null or strpos(lower(d.last_reply), lower(@reply)) > 0)
        order by d.id desc limit @limit
        """;

    private const string More = """
        select count(*) from (
            select from deliveries d
            where (@states::text[] is null or d.state = any(@states)) and (@open::boolean is null or (d.settled_at is null) = @open)
                and (@recipients::text[] is null or d.recipient = any(@recipients)) and (@purpose::text is null or d.purpose = @purpose)
                and (@since::timestamptz is null or d.due_slot >= @since) and (@until::timestamptz is null or d.due_slot < @until)
                and (@reply::text is null or strpos(lower(d.last_reply), lower(@reply)) > 0)
            limit @limit) as counted
        """;

    private const string Show = """
        select d.id, d.due_slot, d.address, d.purpose, a.subject_line, d.state, d.held, d.paced, d.attempts, d.next_attempt_at, d.expires_at,
            d.settled_at, d.last_code, d.last_reply, d.recipient, s.state as reader_state, d.created_at, d.worker, d.envelope_from,
            coalesce(t.headers, d.headers) as headers, coalesce(t.personal, d.personal) as personal, d.signature, a.segments, a.held as told, c.from_position, c.to_position, c.digest_number
        from deliveries d
        left join delivery_contents t on t.delivery_id = d.id and t.due_slot = d.due_slot
        left join audiences a on a.id = d.audience_id
        left join subscribers s on s.id = d.subscriber_id
        left join decisions c on c.subscriber_id = d.subscriber_id and c.due_slot = d.due_slot and c.audience_id = d.audience_id
        where d.id = @id
        """;

    private const string Tries = """
        select generation, worker, started_at, ended_at, outcome, code, reply from attempts
        where delivery_id = @id and due_slot = @dueSlot
        union all
        select generation, worker, sending_since, null, null, null, null from deliveries
        where id = @id and due_slot = @dueSlot and state = 'sending' and sending_since is not null
        order by generation
        """;

    private const string Reports = """
        select kind, proof, status, diagnostic, read_at from bounces where delivery_id = @id order by read_at
        """;

    private const string Suppressed = "select reason || ': ' || evidence from suppressions where email_key = @key and lifted_at is null";

    /// <summary>How many lines beyond the listed ones are counted at most.</summary>
    public const int Countable = 10_000;

    public static Task<Instant> ClockAsync(NpgsqlConnection connection, CancellationToken ct) =>
        connection.ExecuteScalarAsync<Instant>(new CommandDefinition(DatabaseClock, cancellationToken: ct));

    /// <summary>Deliveries per state; what has ended, within 30 days.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="now">By the database's clock.</param>
    /// <param name="clock">By the run's clock, which slots are from.</param>
    /// <param name="ct">Stops waiting.</param>
    public static async Task<IReadOnlyList<(string State, bool Held, long N)>> CountAsync(
        NpgsqlConnection connection,
        Instant now,
        Instant clock,
        CancellationToken ct
    )
    {
        var open = await connection.QueryAsync<(string, bool, long)>(new CommandDefinition(CountOpen, cancellationToken: ct));
        var since = now - Recent;
        var slots = Instant.Min(now, clock) - Recent - Slack;
        var ended = await connection.QueryAsync<(string, bool, long)>(
            new CommandDefinition(CountEnded, new { since, slots }, cancellationToken: ct)
        );
        return [.. open, .. ended];
    }

    /// <summary>The newest that are meant, and how many more there are, counted up to <see cref="Countable"/>.</summary>
    public static async Task<(IReadOnlyList<DeliveryRow> Rows, long More)> ListAsync(
        NpgsqlConnection connection,
        DeliveryFilter filter,
        int limit,
        CancellationToken ct
    )
    {
        var meant = await MeantAsync(connection, filter, ct);
        meant.Add("limit", limit);
        var rows = (await connection.QueryAsync<DeliveryRow>(new CommandDefinition(List, meant, cancellationToken: ct))).AsList();
        if (rows.Count < limit)
        {
            return (rows, 0);
        }
        meant.Add("limit", limit + Countable);
        return (rows, await connection.ExecuteScalarAsync<long>(new CommandDefinition(More, meant, cancellationToken: ct)) - rows.Count);
    }

    /// <summary>Null where there is no such delivery.</summary>
    public static async Task<DeliveryStory?> FindAsync(NpgsqlConnection connection, long id, CancellationToken ct)
    {
        var found = await connection.QuerySingleOrDefaultAsync<DeliveryStory>(
            new CommandDefinition(Show, new { id }, cancellationToken: ct)
        );
        if (found is null)
        {
            return null;
        }
        var key = KeyOf(found.Address);
        return found with
        {
            Tries =
            [
                .. await connection.QueryAsync<DeliveryAttempt>(
                    new CommandDefinition(Tries, new { id, found.DueSlot }, cancellationToken: ct)
                ),
            ],
            Reports = [.. await connection.QueryAsync<DeliveryReport>(new CommandDefinition(Reports, new { id }, cancellationToken: ct))],
            Suppressed = await connection.ExecuteScalarAsync<string?>(
                new CommandDefinition(Suppressed, new { key }, cancellationToken: ct)
            ),
        };
    }

    /// <summary>An address as suppressions know it; empty for one that cannot be read.</summary>
    public static string KeyOf(string address) => Mailbox.TryRead(address, out var read) ? read.Key : "";

    /// <summary>A filter as the queries take it.</summary>
    public static async Task<DynamicParameters> MeantAsync(NpgsqlConnection connection, DeliveryFilter filter, CancellationToken ct)
    {
        // a recipient leads the primary key; addresses are in no index
        var recipients = filter.To is { } to
            ? (
                await connection.QueryAsync<string>(new CommandDefinition(Recipients, new { to, key = KeyOf(to) }, cancellationToken: ct))
            ).ToArray()
            : null;
        return new DynamicParameters(
            new
            {
                filter.States,
                open = filter.IsOpen,
                recipients,
                filter.Purpose,
                filter.Since,
                filter.Until,
                filter.Reply,
            }
        );
    }
}
