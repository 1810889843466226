using Dapper;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Subscribers;

/// <summary>The readers' table.</summary>
/// <remarks>Over 300 lines, since the queries stand beside their callers and one store owns the table.</remarks>
internal static class SubscriberStore
{
    private const string Columns = """
        s.id, s.email, s.state, s.cadence, s.at_time, s.day, s.zone, s.language, s.position, s.digest_number,
        s.last_digest_at, s.next_due_at, s.link_generation, s.created_at
        """;

    private const string Find = $"select {Columns} from subscribers s where s.email_key = @key";
    private const string FindById = $"select {Columns} from subscribers s where s.id = @id";
    private const string List = $"select {Columns} from subscribers s order by s.email_key";

    private const string ClaimDue = $"""
        select {Columns} from subscribers s
        where s.state = 'active' and s.cadence <> 'immediate' and s.next_due_at <= @now
        order by s.next_due_at limit @batch for update skip locked
        """;

    // Found from recently changed milestones: quiet for a while, or the first untold change is old enough.
    private const string Waiting = """
        s.state = 'active' and s.cadence = 'immediate' and s.position < @head and exists (
            select from topics t
            join milestones m on t.kind = 'all' or (t.kind = 'subject' and t.ref_id = m.subject_id)
                or (t.kind = 'milestone' and t.ref_id = m.id)
            where t.subscriber_id = s.id and m.position > @settled and m.position > greatest(s.position, t.since)
            having max(m.changed_at) <= @quietSince or min((
                select min(e.recorded_at) from entries e
                where e.milestone_id = m.id and e.position > greatest(s.position, t.since))) <= @patientSince)
        """;

    private const string ClaimImmediate = $"""
        select {Columns} from subscribers s where {Waiting} order by s.id limit @batch for update skip locked
        """;

    // Whoever is not told yet, also those whom another worker holds just now.
    private const string AlertPending = """
        select exists (
            select from subscribers s
            join topics t on t.subscriber_id = s.id
            join milestones m on t.kind = 'all' or (t.kind = 'subject' and t.ref_id = m.subject_id)
                or (t.kind = 'milestone' and t.ref_id = m.id)
            where s.state = 'active' and s.cadence = 'immediate' and s.position < @head
                and m.position > @settled and m.position > greatest(s.position, t.since))
        """;

    private const string PutOff = "update subscribers set next_due_at = @until where id = any(@ids) and cadence <> 'immediate'";

    private const string TopicsOf = """
        select t.subscriber_id, t.kind, t.ref_id, t.since, coalesce(m.slug, j.slug) as name,
            coalesce(j.name, d.body::jsonb #>> '{change,definition,name}', d.body::jsonb #>> '{change,definition,title}') as title
        from topics t
        left join milestones m on t.kind = 'milestone' and m.id = t.ref_id
        left join subjects j on t.kind = 'subject' and j.id = t.ref_id
        left join entries d on d.position = (m.state ->> 'definition_position')::bigint
        where t.subscriber_id = any(@ids) order by t.subscriber_id, t.kind, t.ref_id
        """;

    private const string Insert = """
        insert into subscribers (email, email_key, state, cadence, at_time, day, zone, language, position, next_due_at, tz_version, created_at, confirmed_at)
        values (@email, @key, @state, @cadence, @at, @day, @zone, @language, @head, @nextDueAt, @tzVersion, @now, @confirmedAt)
        on conflict (email_key) do update
        set email = excluded.email, state = excluded.state, cadence = excluded.cadence, at_time = excluded.at_time, day = excluded.day,
            zone = excluded.zone, position = excluded.position, next_due_at = excluded.next_due_at, confirmed_at = excluded.confirmed_at,
            left_at = null, link_generation = subscribers.link_generation + 1
        where subscribers.state = 'left'
        returning id
        """;

    private const string ForgetTopics = "delete from topics where subscriber_id = @id";

    private const string InsertTopic = """
        insert into topics (subscriber_id, kind, ref_id, since) values (@id, @kind, @refId, @since) on conflict do nothing
        """;

    private const string Advance = """
        update subscribers set position = @position, digest_number = @number, last_digest_at = @lastDigestAt, next_due_at = @nextDueAt
        where id = @id and position = @seenPosition and digest_number = @seenNumber
        """;

    private const string Activate = """
        update subscribers set state = 'active', confirmed_at = @now, left_at = null, position = @head, next_due_at = @nextDueAt
        where id = @id and state in ('pending', 'left')
        """;

    private const string MarkLeft = "update subscribers set state = 'left', left_at = @now where id = @id and state <> 'left'";

    private const string Subjects = "select id, slug from subjects";
    private const string MilestoneIds = "select id, slug from milestones";

    /// <summary>Addresses are compared without case; what was typed is what mail is sent to.</summary>
    public static string KeyOf(string email) => email.Trim().ToUpperInvariant().Normalize();

    public static async Task<Subscriber?> FindAsync(NpgsqlConnection connection, string email, CancellationToken ct) =>
        await ReadAsync(connection, Find, new { key = KeyOf(email) }, ct) is [var one] ? one : null;

    public static async Task<Subscriber?> FindAsync(NpgsqlConnection connection, long id, CancellationToken ct) =>
        await ReadAsync(connection, FindById, new { id }, ct) is [var one] ? one : null;

    public static Task<IReadOnlyList<Subscriber>> ListAsync(NpgsqlConnection connection, CancellationToken ct) =>
        ReadAsync(connection, List, new { }, ct);

    /// <summary>Locks due readers until the transaction ends; nobody waits, nobody is claimed twice.</summary>
    public static Task<IReadOnlyList<Subscriber>> ClaimDueAsync(
        NpgsqlConnection connection,
        Instant now,
        int batch,
        CancellationToken ct
    ) => ReadAsync(connection, ClaimDue, new { now, batch }, ct);

    /// <summary>The same for immediate readers: <paramref name="settled"/> is the position up to which all of them were looked after.</summary>
    public static Task<IReadOnlyList<Subscriber>> ClaimImmediateAsync(
        NpgsqlConnection connection,
        long settled,
        long head,
        Instant quietSince,
        Instant patientSince,
        int batch,
        CancellationToken ct
    ) =>
        ReadAsync(
            connection,
            ClaimImmediate,
            new
            {
                settled,
                head,
                quietSince,
                patientSince,
                batch,
            },
            ct
        );

    /// <summary>Whether any immediate reader has changes that they were not told.</summary>
    public static Task<bool> AnyAlertPendingAsync(NpgsqlConnection connection, long settled, long head, CancellationToken ct) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition(AlertPending, new { settled, head }, cancellationToken: ct));

    /// <summary>Readers whose mail could not be written are due again later.</summary>
    public static Task PutOffAsync(NpgsqlConnection connection, long[] ids, Instant until, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(PutOff, new { ids, until }, cancellationToken: ct));

    /// <summary>The new reader's id; null when the address is known already.</summary>
    public static async Task<long?> AddAsync(
        NpgsqlConnection connection,
        string email,
        Schedule schedule,
        IEnumerable<Topic> topics,
        bool confirmed,
        long head,
        Instant now,
        CancellationToken ct
    )
    {
        var id = await connection.ExecuteScalarAsync<long?>(
            new CommandDefinition(
                Insert,
                new
                {
                    email = email.Trim(),
                    key = KeyOf(email),
                    state = confirmed ? "active" : "pending",
                    cadence = LedgerJson.WriteEnum(schedule.Cadence),
                    at = schedule.At,
                    day = (short)schedule.Day,
                    zone = schedule.Zone.Id,
                    language = "en",
                    head,
                    nextDueAt = schedule.NextAfter(now),
                    tzVersion = DateTimeZoneProviders.Tzdb.VersionId,
                    now,
                    confirmedAt = confirmed ? now : (Instant?)null,
                },
                cancellationToken: ct
            )
        );
        if (id is null)
        {
            return null;
        }
        // whoever left and comes back follows what they ask for now
        await connection.ExecuteAsync(new CommandDefinition(ForgetTopics, new { id }, cancellationToken: ct));
        foreach (var topic in topics)
        {
            var row = new
            {
                id,
                topic.Kind,
                topic.RefId,
                since = head,
            };
            await connection.ExecuteAsync(new CommandDefinition(InsertTopic, row, cancellationToken: ct));
        }
        return id;
    }

    /// <summary>Compares and sets: false when another pass moved the reader first.</summary>
    public static async Task<bool> AdvanceAsync(
        NpgsqlConnection connection,
        Subscriber seen,
        long position,
        int number,
        Instant? lastDigestAt,
        Instant? nextDueAt,
        CancellationToken ct
    )
    {
        var to = new
        {
            id = seen.Id,
            seenPosition = seen.Position,
            seenNumber = seen.DigestNumber,
            position,
            number,
            lastDigestAt,
            nextDueAt,
        };
        return await connection.ExecuteAsync(new CommandDefinition(Advance, to, cancellationToken: ct)) == 1;
    }

    /// <summary>A reader who confirms starts at the head.</summary>
    public static async Task<bool> ActivateAsync(
        NpgsqlConnection connection,
        Subscriber subscriber,
        long head,
        Instant now,
        CancellationToken ct
    ) =>
        await connection.ExecuteAsync(
            new CommandDefinition(
                Activate,
                new
                {
                    id = subscriber.Id,
                    head,
                    now,
                    nextDueAt = subscriber.Schedule.NextAfter(now),
                },
                cancellationToken: ct
            )
        ) == 1;

    /// <summary>Idempotent; takes effect before the next mail is sent.</summary>
    public static Task<int> LeaveAsync(NpgsqlConnection connection, long id, Instant now, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(MarkLeft, new { id, now }, cancellationToken: ct));

    /// <summary>Topics by slug ("all", a subject or a milestone), or the first slug that names nothing.</summary>
    public static async Task<(IReadOnlyList<Topic> Topics, string? Unknown)> TopicsAsync(
        NpgsqlConnection connection,
        IEnumerable<string> slugs,
        CancellationToken ct
    )
    {
        var subjects = (
            await connection.QueryAsync<(long Id, string Slug)>(new CommandDefinition(Subjects, cancellationToken: ct))
        ).ToList();
        var milestones = (
            await connection.QueryAsync<(long Id, string Slug)>(new CommandDefinition(MilestoneIds, cancellationToken: ct))
        ).ToList();
        var topics = new List<Topic>();
        foreach (var slug in slugs)
        {
            if (slug == "all")
            {
                topics.Add(new Topic("all", 0, 0, null));
            }
            else if (milestones.Find(row => row.Slug == slug) is { Slug: not null } milestone)
            {
                topics.Add(new Topic("milestone", milestone.Id, 0, slug));
            }
            else if (subjects.Find(row => row.Slug == slug) is { Slug: not null } subject)
            {
                topics.Add(new Topic("subject", subject.Id, 0, slug));
            }
            else
            {
                return (topics, slug);
            }
        }
        return (topics, null);
    }

    private static async Task<IReadOnlyList<Subscriber>> ReadAsync(
        NpgsqlConnection connection,
        string sql,
        object arguments,
        CancellationToken ct
    )
    {
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(sql, arguments, cancellationToken: ct))).ToList();
        var ids = rows.Select(row => row.Id).ToArray();
        var topics = (await connection.QueryAsync<TopicRow>(new CommandDefinition(TopicsOf, new { ids }, cancellationToken: ct))).ToLookup(
            row => row.SubscriberId,
            row => new Topic(row.Kind, row.RefId, row.Since, row.Name) { Title = row.Title }
        );
        return [.. rows.Select(row => row.ToSubscriber([.. topics[row.Id]]))];
    }

    private sealed record TopicRow
    {
        public long SubscriberId { get; init; }
        public string Kind { get; init; } = "";
        public long RefId { get; init; }
        public long Since { get; init; }
        public string? Name { get; init; }
        public string? Title { get; init; }
    }

    private sealed record Row
    {
        public long Id { get; init; }
        public string Email { get; init; } = "";
        public string State { get; init; } = "";
        public string Cadence { get; init; } = "";
        public LocalTime AtTime { get; init; }
        public short Day { get; init; }
        public string Zone { get; init; } = "";
        public string Language { get; init; } = "";
        public long Position { get; init; }
        public int DigestNumber { get; init; }
        public Instant? LastDigestAt { get; init; }
        public Instant? NextDueAt { get; init; }
        public int LinkGeneration { get; init; }
        public Instant CreatedAt { get; init; }

        public Subscriber ToSubscriber(IReadOnlyList<Topic> topics) =>
            new()
            {
                Id = Id,
                Email = Email,
                State = State,
                Schedule = new Schedule(LedgerJson.ReadEnum<Cadence>(Cadence), AtTime, Day, DateTimeZoneProviders.Tzdb[Zone]),
                Language = Language,
                Position = Position,
                DigestNumber = DigestNumber,
                LastDigestAt = LastDigestAt,
                NextDueAt = NextDueAt,
                LinkGeneration = LinkGeneration,
                CreatedAt = CreatedAt,
                Topics = topics,
            };
    }
}
