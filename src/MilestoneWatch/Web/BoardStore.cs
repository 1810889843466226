using Dapper;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;
using MilestoneWatch.Web.Views;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Web;

/// <summary>Which milestones a page of the board holds, and how many there are of what; states and histories are read for that page only.</summary>
internal static class BoardStore
{
    // the state as known at a position: a milestone that has not changed since needs no look-up
    private const string Known = """
        select m.id, m.slug, m.kind, s.slug as subject, s.name as subject_name, coalesce(e.state, m.state) as state
        from milestones m
        join subjects s on s.id = m.subject_id
        left join lateral (
            select e.state from entries e
            where m.position > @position and e.milestone_id = m.id and e.position <= @position order by e.position desc limit 1
        ) e on true
        where m.position > 0 and (m.position <= @position or e.state is not null)
        """;

    private const string Groups = $"""
        with known as ({Known})
        select subject, subject_name, kind, state ->> 'status' as status, count(*) as count
        from known group by 1, 2, 3, 4 order by min(id)
        """;

    private const string Fits = """
        (@subject::text is null or k.subject = @subject)
            and (@topics::text[] is null or k.subject = any(@topics) or k.slug = any(@topics))
            and (@kind::text is null or k.kind = @kind)
            and (@statuses::text[] is null or k.state ->> 'status' = any(@statuses))
        """;

    private const string Page = $"""
        with known as ({Known})
        select k.id from known k
        where {Fits}
        order by k.kind = 'question', k.id
        limit @most offset @skipped
        """;

    private const string Count = $"""
        with known as ({Known})
        select count(*) from known k where {Fits}
        """;

    private const string Texts = $$"""
        with known as ({{Known}})
        select k.id, k.slug, d.body::json #>> '{change,definition,title}' as title,
            d.body::json #>> '{change,definition,counts_when}' as counts_when,
            w.body::json #>> '{change,promise,phrase}' as phrase, case when w.body is null then k.state ->> 'window' end as window
        from known k
        left join entries d on d.position = (k.state ->> 'definition_position')::bigint
        left join entries w on w.position = (k.state ->> 'window_position')::bigint
        where {{Fits}}
        order by k.kind = 'question', k.id
        """;

    // the quoted slug can stand elsewhere in the words too: whoever asks looks again
    private const string Asking = $"""
        with known as ({Known})
        select k.id from known k
        join entries d on d.position = (k.state ->> 'definition_position')::bigint
        where k.kind = 'question' and strpos(d.body, '"' || @slug || '"') > 0
        order by k.id
        """;

    private const string Named = "select id from milestones where slug = any(@slugs) order by id";

    // recorded_at never goes back from one position to the next: the last such entry is the newest
    private const string NewestFact = """
        select recorded_at from entries
        where actor is not null and kind <> 'looked' and position <= @position
        order by position desc limit 1
        """;

    // from day to day along the index, so that it costs what there are days of, not entries
    private const string RecordedOn = """
        with recursive days (day) as (
            (
                select (recorded_at at time zone 'UTC')::date from entries
                where actor is not null and recorded_at >= @since::timestamp at time zone 'UTC' order by recorded_at, position limit 1
            )
            union all
            select (
                select (e.recorded_at at time zone 'UTC')::date from entries e
                where e.actor is not null and e.recorded_at >= (d.day + 1)::timestamp at time zone 'UTC'
                order by e.recorded_at, e.position limit 1
            )
            from days d where d.day is not null
        )
        select day from days where day < @today order by day
        """;

    // a milestone by its title of today, whatever day is shown
    private const string Topics = """
        select s.slug, s.name from subjects s where s.slug = any(@slugs)
        union all
        select m.slug, coalesce(d.body::json #>> '{change,definition,title}', m.slug)
        from milestones m left join entries d on d.position = (m.state ->> 'definition_position')::bigint
        where m.slug = any(@slugs)
        """;

    private const string SubjectName = "select name from subjects where slug = @slug";

    /// <summary>How many milestones there are of each subject, kind and status, in the watchlist's order.</summary>
    public static async Task<IReadOnlyList<Group>> GroupsAsync(NpgsqlConnection connection, long position, CancellationToken ct) =>
        [.. await connection.QueryAsync<Group>(new CommandDefinition(Groups, new { position }, cancellationToken: ct))];

    /// <summary>The ids of one page of what fits, words aside: promises, then questions, each in the watchlist's order.</summary>
    public static async Task<IReadOnlyList<long>> PageAsync(
        NpgsqlConnection connection,
        long position,
        BoardQuery asked,
        CancellationToken ct
    )
    {
        var parameters = Asked(position, asked.Filter);
        parameters.Add("most", asked.PageSize);
        parameters.Add("skipped", (asked.Page - 1) * asked.PageSize);
        return [.. await connection.QueryAsync<long>(new CommandDefinition(Page, parameters, cancellationToken: ct))];
    }

    /// <summary>How many fit on all pages, words aside.</summary>
    public static Task<long> CountAsync(NpgsqlConnection connection, long position, BoardFilter filter, CancellationToken ct) =>
        connection.ExecuteScalarAsync<long>(new CommandDefinition(Count, Asked(position, filter), cancellationToken: ct));

    /// <summary>The subjects and milestones of these slugs, whenever they came.</summary>
    public static Task<IEnumerable<TopicChoice>> TopicsAsync(NpgsqlConnection connection, string[] slugs, CancellationToken ct) =>
        connection.QueryAsync<TopicChoice>(new CommandDefinition(Topics, new { slugs }, cancellationToken: ct));

    /// <summary>The same for all pages, with the words that a search looks in.</summary>
    public static async Task<IReadOnlyList<Text>> TextsAsync(
        NpgsqlConnection connection,
        long position,
        BoardFilter filter,
        CancellationToken ct
    ) => [.. await connection.QueryAsync<Text>(new CommandDefinition(Texts, Asked(position, filter), cancellationToken: ct))];

    /// <summary>The questions that may be about a milestone.</summary>
    public static Task<IEnumerable<long>> AskingAsync(NpgsqlConnection connection, long position, string slug, CancellationToken ct) =>
        connection.QueryAsync<long>(new CommandDefinition(Asking, new { position, slug }, cancellationToken: ct));

    public static Task<IEnumerable<long>> NamedAsync(NpgsqlConnection connection, string[] slugs, CancellationToken ct) =>
        connection.QueryAsync<long>(new CommandDefinition(Named, new { slugs }, cancellationToken: ct));

    /// <summary>When an analyst last recorded more than a look; null when none has.</summary>
    public static Task<Instant?> NewestFactAsync(NpgsqlConnection connection, long position, CancellationToken ct) =>
        connection.ExecuteScalarAsync<Instant?>(new CommandDefinition(NewestFact, new { position }, cancellationToken: ct));

    /// <summary>The days from one to before another on which an analyst recorded something, oldest first.</summary>
    public static Task<IEnumerable<LocalDate>> RecordedOnAsync(
        NpgsqlConnection connection,
        LocalDate since,
        LocalDate today,
        CancellationToken ct
    ) => connection.QueryAsync<LocalDate>(new CommandDefinition(RecordedOn, new { since, today }, cancellationToken: ct));

    public static Task<string?> SubjectNameAsync(NpgsqlConnection connection, string slug, CancellationToken ct) =>
        connection.ExecuteScalarAsync<string?>(new CommandDefinition(SubjectName, new { slug }, cancellationToken: ct));

    private static DynamicParameters Asked(long position, BoardFilter filter) =>
        new(
            new
            {
                position,
                subject = filter.Subject,
                topics = filter.Topics.Count == 0 ? null : filter.Topics.ToArray(),
                kind = filter.Kind is { } kind ? LedgerJson.WriteEnum(kind) : null,
                statuses = filter.Statuses.Count == 0 ? null : filter.Statuses.Select(LedgerJson.WriteEnum).ToArray(),
            }
        );

    /// <summary>How many milestones share subject, kind and status.</summary>
    public sealed record Group
    {
        public string Subject { get; init; } = "";
        public string SubjectName { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Status { get; init; } = "";
        public long Count { get; init; }

        public MilestoneKind KindRead => LedgerJson.ReadEnum<MilestoneKind>(Kind);
        public Status StatusRead => LedgerJson.ReadEnum<Status>(Status);
    }

    /// <summary>A milestone's words. Of a redacted promise only the window is known.</summary>
    public sealed record Text
    {
        public long Id { get; init; }
        public string Slug { get; init; } = "";
        public string? Title { get; init; }
        public string? CountsWhen { get; init; }
        public string? Phrase { get; init; }
        public string? Window { get; init; }
    }
}
