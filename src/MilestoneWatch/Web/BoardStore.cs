using Dapper;
using MilestoneWatch.Web.Views;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Web;

/// <summary>What the board is chosen from, and what stands beside it.</summary>
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
        select subject, subject_name, kind, state ->> 'status' as status, array_agg(id) as ids
        from known group by 1, 2, 3, 4 order by min(id)
        """;

    private const string Texts = $$"""
        with known as ({{Known}})
        select k.id, k.slug, d.body::json #>> '{change,definition,title}' as title,
            d.body::json #>> '{change,definition,counts_when}' as counts_when,
            w.body::json #>> '{change,promise,phrase}' as phrase, case when w.body is null then k.state ->> 'window' end as window
        from known k
        left join entries d on d.position = (k.state ->> 'definition_position')::bigint
        left join entries w on w.position = (k.state ->> 'window_position')::bigint
        where k.id = any(@ids)
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

    /// <summary>Reads all current states, or those of then: to be kept.</summary>
    public static async Task<BoardIndex> IndexAsync(NpgsqlConnection connection, long position, CancellationToken ct)
    {
        var groups = await connection.QueryAsync<BoardIndex.Group>(new CommandDefinition(Groups, new { position }, cancellationToken: ct));
        var newest = await connection.ExecuteScalarAsync<Instant?>(
            new CommandDefinition(NewestFact, new { position }, cancellationToken: ct)
        );
        return new BoardIndex([.. groups], newest);
    }

    /// <summary>The subjects and milestones of these slugs, whenever they came.</summary>
    public static Task<IEnumerable<TopicChoice>> TopicsAsync(NpgsqlConnection connection, string[] slugs, CancellationToken ct) =>
        connection.QueryAsync<TopicChoice>(new CommandDefinition(Topics, new { slugs }, cancellationToken: ct));

    /// <summary>The words of some milestones, as a search looks in them: promises, then questions, each in the watchlist's order.</summary>
    public static async Task<IReadOnlyList<Text>> TextsAsync(
        NpgsqlConnection connection,
        long position,
        IReadOnlyList<long> ids,
        CancellationToken ct
    ) => [.. await connection.QueryAsync<Text>(new CommandDefinition(Texts, new { position, ids }, cancellationToken: ct))];

    /// <summary>The questions that may be about a milestone.</summary>
    public static Task<IEnumerable<long>> AskingAsync(NpgsqlConnection connection, long position, string slug, CancellationToken ct) =>
        connection.QueryAsync<long>(new CommandDefinition(Asking, new { position, slug }, cancellationToken: ct));

    public static Task<IEnumerable<long>> NamedAsync(NpgsqlConnection connection, string[] slugs, CancellationToken ct) =>
        connection.QueryAsync<long>(new CommandDefinition(Named, new { slugs }, cancellationToken: ct));

    /// <summary>The days from one to before another on which an analyst recorded something, oldest first.</summary>
    public static Task<IEnumerable<LocalDate>> RecordedOnAsync(
        NpgsqlConnection connection,
        LocalDate since,
        LocalDate today,
        CancellationToken ct
    ) => connection.QueryAsync<LocalDate>(new CommandDefinition(RecordedOn, new { since, today }, cancellationToken: ct));

    public static Task<string?> SubjectNameAsync(NpgsqlConnection connection, string slug, CancellationToken ct) =>
        connection.ExecuteScalarAsync<string?>(new CommandDefinition(SubjectName, new { slug }, cancellationToken: ct));

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
