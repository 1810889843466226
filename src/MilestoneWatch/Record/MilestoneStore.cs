using Dapper;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record.Watchlists;
using Npgsql;

namespace MilestoneWatch.Record;

/// <summary>The row that a milestone's entries hang on.</summary>
internal static class MilestoneStore
{
    private const string Subjects = "select id, slug from subjects order by id";

    private const string Insert = """
        insert into milestones (subject_id, slug, kind, zone) values (@subjectId, @slug, @kind, @zone)
        on conflict (slug) do nothing returning id
        """;

    /// <summary>The new row's id, or why there is none.</summary>
    public static async Task<(long Id, string? Refused)> InsertAsync(NpgsqlConnection connection, NewMilestone added, CancellationToken ct)
    {
        if (!Slugs.IsOne(added.Slug))
        {
            return (0, $"\"{Slugs.Clip(added.Slug)}\" is no slug: use {Slugs.Rule}");
        }
        var known = await LedgerReader.SlugsAsync(connection, ct);
        if (added.Definition.About.FirstOrDefault(slug => !known.Contains(slug, StringComparer.Ordinal)) is { } unknown)
        {
            return (0, $"about: {NearestSlug.Message(unknown, known)}");
        }
        var subjects = (
            await connection.QueryAsync<(long Id, string Slug)>(new CommandDefinition(Subjects, cancellationToken: ct))
        ).ToList();
        var fitting = subjects.Where(subject => added.Subject is null || subject.Slug == added.Subject).ToList();
        if (fitting is not [var (subjectId, _)])
        {
            return (
                0,
                subjects.Count == 0 ? "there is no subject yet whose promise it could be: importing a watchlist brings one"
                : added.Subject is null
                    ? $"say whose promise it is, as its subject: {string.Join(", ", subjects.Select(subject => subject.Slug))}"
                : $"there is no subject \"{added.Subject}\": {NearestSlug.Suggestion(added.Subject, [.. subjects.Select(subject => subject.Slug)])}"
            );
        }
        var row = new
        {
            subjectId,
            slug = added.Slug,
            kind = LedgerJson.WriteEnum(added.Kind),
            zone = added.Zone.Id,
        };
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(Insert, row, cancellationToken: ct)) is { } id
            ? (id, null)
            : (0, $"{added.Slug} is on the watchlist already");
    }
}
