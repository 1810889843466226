using Dapper;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Subscribers;

/// <summary>What was asked for at the door, who is still to confirm, and the links that confirm.</summary>
internal static class JoinStore
{
    private const string Insert = """
        insert into join_requests (email, email_key, cadence, at_time, day, zone, language, topics, asked_at, due_at)
        values (@email, @key, @cadence, @at, @day, @zone, @language, @topics, @now, @now)
        """;

    private const string Claim = """
        select id, email, email_key, cadence, at_time, day, zone, language, topics, asked_at from join_requests
        where due_at <= @now order by due_at, id limit 1 for update skip locked
        """;

    private const string PutOff = "update join_requests set due_at = @until where id = @id";
    private const string Delete = "delete from join_requests where id = @id";

    // Whoever left and comes back starts anew, and their old links are dead; whoever reads already is not touched.
    private const string Expect = """
        insert into subscribers (email, email_key, state, cadence, at_time, day, zone, language, position, tz_version, created_at)
        values (@email, @key, 'pending', @cadence, @at, @day, @zone, @language, 0, @tzVersion, @now)
        on conflict (email_key) do update
        set email = excluded.email, state = 'pending', cadence = excluded.cadence, at_time = excluded.at_time, day = excluded.day,
            zone = excluded.zone, language = excluded.language, tz_version = excluded.tz_version, next_due_at = null, confirmed_at = null,
            left_at = null, paused_until = null, last_digest_at = null, nothing_changed = true,
            link_generation = subscribers.link_generation + case when subscribers.state = 'left' then 1 else 0 end
        where subscribers.state in ('pending', 'left')
        returning id
        """;

    private const string ForgetTopics = "delete from topics where subscriber_id = @id";

    private const string AddTopic = """
        insert into topics (subscriber_id, kind, ref_id, since) values (@id, @kind, @refId, 0) on conflict do nothing
        """;

    private const string AddToken = """
        insert into tokens (hash, purpose, subscriber_id, created_at, expires_at) values (@hash, 'confirmation', @id, @now, @expiresAt)
        """;

    private const string TokenOf = """
        select subscriber_id from tokens where hash = @hash and purpose = 'confirmation' and used_at is null and expires_at > @now
        """;

    private const string UseToken = """
        update tokens set used_at = @now
        where hash = @hash and purpose = 'confirmation' and used_at is null and expires_at > @now returning subscriber_id
        """;

    // Their other links have nothing left to confirm.
    private const string DropTokens = "delete from tokens where subscriber_id = @id and purpose = 'confirmation' and used_at is null";

    private const string Unconfirmed = """
        select id from subscribers s
        where s.state = 'pending' and not exists (select from tokens t where t.subscriber_id = s.id and t.expires_at > @now)
        order by id limit 100
        """;

    public static Task AddAsync(NpgsqlConnection connection, JoinRequest request, Instant now, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Insert, Arguments(request, now), cancellationToken: ct));

    /// <summary>Locks one that waits until the transaction ends; null when none does.</summary>
    public static Task<WaitingRequest?> ClaimAsync(NpgsqlConnection connection, Instant now, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<WaitingRequest>(new CommandDefinition(Claim, new { now }, cancellationToken: ct));

    public static Task PutOffAsync(NpgsqlConnection connection, long id, Instant until, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(PutOff, new { id, until }, cancellationToken: ct));

    public static Task DeleteAsync(NpgsqlConnection connection, long id, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Delete, new { id }, cancellationToken: ct));

    /// <summary>Who is to confirm, with these wishes in place of earlier ones; null for somebody who reads already.</summary>
    public static async Task<long?> ExpectAsync(
        NpgsqlConnection connection,
        JoinRequest request,
        IEnumerable<Topic> topics,
        Instant now,
        CancellationToken ct
    )
    {
        var row = Arguments(request, now);
        if (await connection.ExecuteScalarAsync<long?>(new CommandDefinition(Expect, row, cancellationToken: ct)) is not { } id)
        {
            return null;
        }
        await connection.ExecuteAsync(new CommandDefinition(ForgetTopics, new { id }, cancellationToken: ct));
        foreach (var topic in topics)
        {
            var one = new
            {
                id,
                topic.Kind,
                topic.RefId,
            };
            await connection.ExecuteAsync(new CommandDefinition(AddTopic, one, cancellationToken: ct));
        }
        return id;
    }

    public static Task AddTokenAsync(
        NpgsqlConnection connection,
        byte[] hash,
        long id,
        Instant now,
        Instant expiresAt,
        CancellationToken ct
    )
    {
        var row = new
        {
            hash,
            id,
            now,
            expiresAt,
        };
        return connection.ExecuteAsync(new CommandDefinition(AddToken, row, cancellationToken: ct));
    }

    /// <summary>Whom a link would confirm; null for one that is unknown, used or expired.</summary>
    public static Task<long?> FindTokenAsync(NpgsqlConnection connection, byte[] hash, Instant now, CancellationToken ct) =>
        connection.ExecuteScalarAsync<long?>(new CommandDefinition(TokenOf, new { hash, now }, cancellationToken: ct));

    /// <summary>The same, and it never works again, nor do the reader's other ones.</summary>
    public static async Task<long?> UseTokenAsync(NpgsqlConnection connection, byte[] hash, Instant now, CancellationToken ct)
    {
        var id = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(UseToken, new { hash, now }, cancellationToken: ct));
        if (id is not null)
        {
            await connection.ExecuteAsync(new CommandDefinition(DropTokens, new { id }, cancellationToken: ct));
        }
        return id;
    }

    /// <summary>Who never confirmed while they could; a batch.</summary>
    public static async Task<IReadOnlyList<long>> UnconfirmedAsync(NpgsqlConnection connection, Instant now, CancellationToken ct) =>
        [.. await connection.QueryAsync<long>(new CommandDefinition(Unconfirmed, new { now }, cancellationToken: ct))];

    private static object Arguments(JoinRequest request, Instant now) =>
        new
        {
            email = request.Email,
            key = SubscriberStore.KeyOf(request.Email),
            cadence = LedgerJson.WriteEnum(request.Schedule.Cadence),
            at = request.Schedule.At,
            day = (short)request.Schedule.Day,
            zone = request.Schedule.Zone.Id,
            language = request.Language,
            topics = request.Topics.ToArray(),
            tzVersion = DateTimeZoneProviders.Tzdb.VersionId,
            now,
        };
}
