using Dapper;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Mail;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Subscribers;

/// <summary>The readers' table.</summary>
/// <remarks>Over 300 lines, since the queries stand beside their callers and one store owns the table.</remarks>
internal static class SubscriberStore
{
    public const string Columns = """
        s.id, s.email, s.state, s.cadence, s.at_time, s.day, s.zone, s.language, s.position, s.digest_number, s.last_digest_at,
        s.next_due_at, s.paused_until, s.welcome_due, s.nothing_changed, s.link_generation, s.created_at, s.confirmed_at
        """;

    private const string Find = $"select {Columns} from subscribers s where s.email_key = @key";
    private const string FindById = $"select {Columns} from subscribers s where s.id = @id";
    private const string List = $"select {Columns} from subscribers s order by s.email_key";

    private const string After = $"""
        select {Columns} from subscribers s
        where s.id > @after and (@like::text is null or s.email ilike @like) order by s.id limit @most
        """;

    private const string TopicsOf = """
        select subscriber_id, kind, ref_id, since, carried from topics where subscriber_id = any(@ids) order by subscriber_id, kind, ref_id
        """;

    private const string NamesOf = """
        select 'milestone' as kind, m.id, m.slug,
            coalesce(d.body::jsonb #>> '{change,definition,name}', d.body::jsonb #>> '{change,definition,title}') as title
        from milestones m left join entries d on d.position = (m.state ->> 'definition_position')::bigint
        where m.id = any(@milestones)
        union all
        select 'subject', j.id, j.slug, j.name from subjects j where j.id = any(@subjects)
        """;

    private const string Insert = """
        insert into subscribers (email, email_key, state, cadence, at_time, day, zone, language, position, next_due_at, tz_version, created_at,
            confirmed_at, welcome_due)
        values (@email, @key, @state, @cadence, @at, @day, @zone, @language, @head, @nextDueAt, @tzVersion, @now, @confirmedAt, @welcome)
        on conflict (email_key) do update
        set email = excluded.email, state = excluded.state, cadence = excluded.cadence, at_time = excluded.at_time, day = excluded.day,
            zone = excluded.zone, language = excluded.language, position = excluded.position, next_due_at = excluded.next_due_at,
            confirmed_at = excluded.confirmed_at, welcome_due = excluded.welcome_due, left_at = null, paused_until = null,
            last_digest_at = null, link_generation = subscribers.link_generation + 1
        where subscribers.state = 'left'
        returning id
        """;

    private const string ForgetTopics = "delete from topics where subscriber_id = @id";

    private const string InsertTopic = """
        insert into topics (subscriber_id, kind, ref_id, since) values (@id, @kind, @refId, @since) on conflict do nothing
        """;

    private const string Activate = """
        update subscribers
        set state = 'active', confirmed_at = @now, left_at = null, position = @head, next_due_at = @now, welcome_due = true
        where id = @id and state in ('pending', 'left')
        """;

    private const string MarkLeft = "update subscribers set state = 'left', left_at = @now where id = @id and state <> 'left'";

    private const string Subjects = "select id, slug from subjects";
    private const string MilestoneIds = "select id, slug from milestones";

    /// <summary>Addresses are compared by their normalised form; what was typed is what mail is sent to.</summary>
    public static string KeyOf(string email) =>
        Mailbox.TryRead(email.Trim(), out var mailbox) ? mailbox.Key : email.Trim().ToUpperInvariant();

    public static async Task<Subscriber?> FindAsync(NpgsqlConnection connection, string email, CancellationToken ct) =>
        await ReadAsync(connection, Find, new { key = KeyOf(email) }, ct) is [var one] ? one : null;

    public static async Task<Subscriber?> FindAsync(NpgsqlConnection connection, long id, CancellationToken ct) =>
        await ReadAsync(connection, FindById, new { id }, ct) is [var one] ? one : null;

    public static Task<IReadOnlyList<Subscriber>> ListAsync(NpgsqlConnection connection, CancellationToken ct) =>
        ReadAsync(connection, List, new { }, ct);

    /// <summary>The next readers in the order of their ids.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="part">A part of the address, in any case; null for all.</param>
    /// <param name="after">Those after this id.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="ct">Stops waiting.</param>
    public static Task<IReadOnlyList<Subscriber>> PageAsync(
        NpgsqlConnection connection,
        string? part,
        long after,
        int most,
        CancellationToken ct
    )
    {
        var like = part is null
            ? null
            : $"%{part.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";
        var asked = new
        {
            like,
            after,
            most,
        };
        return ReadAsync(connection, After, asked, ct);
    }

    /// <summary>The new reader's id; null when the address is known already.</summary>
    public static async Task<long?> AddAsync(
        NpgsqlConnection connection,
        string email,
        Wanted wanted,
        bool confirmed,
        bool welcome,
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
                    cadence = LedgerJson.WriteEnum(wanted.Schedule.Cadence),
                    at = wanted.Schedule.At,
                    day = (short)wanted.Schedule.Day,
                    zone = wanted.Schedule.Zone.Id,
                    wanted.Language,
                    head,
                    nextDueAt = welcome ? now : wanted.Schedule.NextAfter(now) ?? wanted.Schedule.SignOfLifeAfter(now),
                    tzVersion = DateTimeZoneProviders.Tzdb.VersionId,
                    now,
                    confirmedAt = confirmed ? now : (Instant?)null,
                    welcome,
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
        foreach (var topic in wanted.Topics)
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

    /// <summary>A reader who confirms starts at the head, and is welcomed.</summary>
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

    /// <summary>Readers by a query of <see cref="Columns"/>, with what they follow.</summary>
    public static async Task<IReadOnlyList<Subscriber>> ReadAsync(
        NpgsqlConnection connection,
        string sql,
        object arguments,
        CancellationToken ct
    )
    {
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(sql, arguments, cancellationToken: ct))).AsList();
        var ids = rows.Select(row => row.Id).ToArray();
        var topics = (await connection.QueryAsync<TopicRow>(new CommandDefinition(TopicsOf, new { ids }, cancellationToken: ct))).AsList();
        var named = new
        {
            milestones = topics.Where(topic => topic.Kind == "milestone").Select(topic => topic.RefId).Distinct().ToArray(),
            subjects = topics.Where(topic => topic.Kind == "subject").Select(topic => topic.RefId).Distinct().ToArray(),
        };
        var names = (
            await connection.QueryAsync<(string Kind, long Id, string Slug, string? Title)>(
                new CommandDefinition(NamesOf, named, cancellationToken: ct)
            )
        ).ToDictionary(row => (row.Kind, row.Id), row => (row.Slug, row.Title));
        var byReader = topics.ToLookup(
            topic => topic.SubscriberId,
            topic =>
                names.TryGetValue((topic.Kind, topic.RefId), out var name)
                    ? new Topic(topic.Kind, topic.RefId, topic.Since, name.Slug) { Title = name.Title, Carried = topic.Carried }
                    : new Topic(topic.Kind, topic.RefId, topic.Since, null) { Carried = topic.Carried }
        );
        return [.. rows.Select(row => row.ToSubscriber([.. byReader[row.Id]]))];
    }

    private sealed record TopicRow
    {
        public long SubscriberId { get; init; }
        public string Kind { get; init; } = "";
        public long RefId { get; init; }
        public long Since { get; init; }
        public bool Carried { get; init; }
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
        public Instant? PausedUntil { get; init; }
        public bool WelcomeDue { get; init; }
        public bool NothingChanged { get; init; }
        public int LinkGeneration { get; init; }
        public Instant CreatedAt { get; init; }
        public Instant? ConfirmedAt { get; init; }

        public Subscriber ToSubscriber(IReadOnlyList<Topic> topics) =>
            new()
            {
                Id = Id,
                Email = Email,
                State = State,
                // a zone that the tz database has dropped since holds up nobody: their times are in UTC until they choose another
                Schedule = new Schedule(
                    LedgerJson.ReadEnum<Cadence>(Cadence),
                    AtTime,
                    Day,
                    DateTimeZoneProviders.Tzdb.GetZoneOrNull(Zone) ?? DateTimeZone.Utc
                ),
                Language = Language,
                Position = Position,
                DigestNumber = DigestNumber,
                LastDigestAt = LastDigestAt,
                NextDueAt = NextDueAt,
                PausedUntil = PausedUntil,
                WelcomeDue = WelcomeDue,
                NothingChanged = NothingChanged,
                LinkGeneration = LinkGeneration,
                CreatedAt = CreatedAt,
                ConfirmedAt = ConfirmedAt,
                Topics = topics,
            };
    }
}
