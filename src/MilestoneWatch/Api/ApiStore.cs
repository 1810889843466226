using Dapper;
using Npgsql;

namespace MilestoneWatch.Api;

/// <summary>Which milestones, entries and subjects a page of an answer holds.</summary>
internal static class ApiStore
{
    private const string Page = """
        select m.id from milestones m
        join subjects s on s.id = m.subject_id
        cross join lateral (
            select e.state ->> 'status' as status from entries e
            where e.milestone_id = m.id and e.position <= @position order by e.position desc limit 1
        ) e
        where m.id > @after
            and (@subjects::text[] is null or s.slug = any(@subjects))
            and (@kinds::text[] is null or m.kind = any(@kinds))
            and (@statuses::text[] is null or e.status = any(@statuses))
        order by m.id limit @most
        """;

    private const string Positions = """
        select position from entries where milestone_id = @id and position > @after and position <= @position
        order by position limit @most
        """;

    private const string Subjects = """
        select s.slug, s.name, count(*) as milestones from subjects s
        join milestones m on m.subject_id = s.id
        where exists (select 1 from entries e where e.milestone_id = m.id and e.position <= @position)
        group by s.id, s.slug, s.name order by s.id
        """;

    private const string SubjectSlugs = "select slug from subjects order by id";

    /// <summary>The ids of the next milestones that fit, as known at a position, in the watchlist's order.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="page">Where the page begins, and at which position.</param>
    /// <param name="filter">What they are to be.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<long[]> MilestonesAsync(
        NpgsqlConnection connection,
        Cursor page,
        MilestoneFilter filter,
        int most,
        CancellationToken ct
    )
    {
        var asked = new
        {
            position = page.Position,
            after = page.After,
            subjects = filter.Subjects,
            kinds = filter.Kinds,
            statuses = filter.Statuses,
            most,
        };
        return [.. await connection.QueryAsync<long>(new CommandDefinition(Page, asked, cancellationToken: ct))];
    }

    /// <summary>The positions of a milestone's next entries, oldest first.</summary>
    public static async Task<long[]> EntriesAsync(NpgsqlConnection connection, long id, Cursor page, int most, CancellationToken ct)
    {
        var asked = new
        {
            id,
            position = page.Position,
            after = page.After,
            most,
        };
        return [.. await connection.QueryAsync<long>(new CommandDefinition(Positions, asked, cancellationToken: ct))];
    }

    /// <summary>Who promised something that was on record at a position, and how much.</summary>
    public static async Task<IReadOnlyList<(string Slug, string Name, long Milestones)>> SubjectsAsync(
        NpgsqlConnection connection,
        long position,
        CancellationToken ct
    ) => [.. await connection.QueryAsync<(string, string, long)>(new CommandDefinition(Subjects, new { position }, cancellationToken: ct))];

    public static async Task<IReadOnlyList<string>> SubjectSlugsAsync(NpgsqlConnection connection, CancellationToken ct) =>
        [.. await connection.QueryAsync<string>(new CommandDefinition(SubjectSlugs, cancellationToken: ct))];
}
