using Dapper;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using MilestoneWatch.Web.Views;
using MilestoneWatch.Web.Words;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Web;

/// <summary>Reads what the pages show, now or as it was known then.</summary>
internal sealed class BoardReader(NpgsqlDataSource database, IClock clock)
{
    private const string Context = """
        select c.happened_on, c.says, c.source_id, s.publisher, s.title, s.url, s.published_on
        from context_items c
        join subjects j on j.id = c.subject_id
        left join sources s on s.id = c.source_id
        where j.slug = @subject and c.recorded_at <= @at
        order by c.happened_on desc nulls last, c.id
        """;

    // recorded_at never goes back from one position to the next: the last such entry is the newest
    private const string NewestFact = """
        select recorded_at from entries
        where actor is not null and kind <> 'looked' and position <= @position
        order by position desc limit 1
        """;

    // from day to day along the index, so that it costs what there are days of, not entries
    private const string RecordedOn = """
        with recursive days (day) as (
            (select (recorded_at at time zone 'UTC')::date from entries where actor is not null order by recorded_at, position limit 1)
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

    private const string SubjectName = "select name from subjects where slug = @slug";

    /// <summary>One page of what was asked for. Only its milestones' histories are read.</summary>
    public async Task<BoardView> ReadBoardAsync(BoardQuery asked, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var now = clock.GetCurrentInstant();
        var (position, at) = await AtAsync(connection, asked.At, now, ct);
        var milestones = await LedgerReader.MilestonesAsync(connection, position, ct);
        var matched = milestones.Where(asked.Filter.Matches).OrderBy(m => m.Kind == MilestoneKind.Question).ToList();
        var shown = matched.Skip((asked.Page - 1) * BoardQuery.PageSize).Take(BoardQuery.PageSize).ToList();
        var histories = await LedgerReader.HistoryAsync(connection, [.. shown.Select(m => m.Id)], position, ct);
        var subjects = milestones.Select(m => new SubjectChoice(m.SubjectSlug, m.SubjectName)).Distinct().ToList();
        var newest = await connection.ExecuteScalarAsync<Instant?>(
            new CommandDefinition(NewestFact, new { position }, cancellationToken: ct)
        );
        var promises = milestones.Where(m => m.Kind != MilestoneKind.Question).ToList();
        return new BoardView(
            BoardWords.Subjects([.. subjects.Select(subject => subject.Name)]),
            at.InUtc().Date,
            asked.At?.InUtc().Date,
            [.. shown.Select(m => new MilestoneStory(m, [.. histories[m.Id]], milestones, at).Row())],
            newest?.InUtc().Date
        )
        {
            Counts = new BoardCounts(
                promises.Count,
                milestones.Count - promises.Count,
                promises.Count(m => m.State.Status.IsFinal()),
                matched.Count
            ),
            Choices = new BoardChoices(
                [.. subjects, .. await NotYetAsync(connection, asked.Filter.Subject, subjects, ct)],
                [.. milestones.Select(m => m.Kind).Distinct().Order()],
                [.. milestones.Select(m => m.State.Status).Distinct().Order()]
            ),
            Strip = await StripAsync(connection, asked.At?.InUtc().Date, now.InUtc().Date, ct),
        };
    }

    public async Task<MilestoneView?> ReadMilestoneAsync(string slug, Instant? asOf, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var (position, at) = await AtAsync(connection, asOf, clock.GetCurrentInstant(), ct);
        var milestones = await LedgerReader.MilestonesAsync(connection, position, ct);
        if (milestones.FirstOrDefault(m => m.Slug == slug) is not { } milestone)
        {
            return null;
        }
        var history = (await LedgerReader.HistoryAsync(connection, [milestone.Id], position, ct))[milestone.Id].ToList();
        var story = new MilestoneStory(milestone, history, milestones, at);
        var context = await connection.QueryAsync<ContextRow>(
            new CommandDefinition(Context, new { subject = milestone.SubjectSlug, at }, cancellationToken: ct)
        );
        return story.Page(asOf?.InZone(milestone.Zone).Date, [.. context.Select(row => (row.HappenedOn, row.Says, row.Source()))]);
    }

    /// <summary>A subject asked for that exists, but had nothing on record yet: no mistake, and so to be offered.</summary>
    private static async Task<IEnumerable<SubjectChoice>> NotYetAsync(
        NpgsqlConnection connection,
        string? slug,
        List<SubjectChoice> known,
        CancellationToken ct
    )
    {
        // Postgres takes no text with a zero in it
        if (slug is null || slug.Contains('\0', StringComparison.Ordinal) || known.Exists(subject => subject.Slug == slug))
        {
            return [];
        }
        var name = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(SubjectName, new { slug }, cancellationToken: ct));
        return name is null ? [] : [new SubjectChoice(slug, name)];
    }

    private static async Task<IReadOnlyList<StripPoint>> StripAsync(
        NpgsqlConnection connection,
        LocalDate? asked,
        LocalDate today,
        CancellationToken ct
    )
    {
        var days = await connection.QueryAsync<LocalDate>(new CommandDefinition(RecordedOn, new { today }, cancellationToken: ct));
        return StripPoint.Of([.. days], asked < today ? asked : null);
    }

    private static async Task<(long Position, Instant At)> AtAsync(
        NpgsqlConnection connection,
        Instant? asOf,
        Instant now,
        CancellationToken ct
    ) =>
        asOf is { } at ? (await LedgerReader.PositionAtAsync(connection, at, ct), at) : (await LedgerReader.HeadAsync(connection, ct), now);

    private sealed record ContextRow
    {
        public LocalDate? HappenedOn { get; init; }
        public string Says { get; init; } = "";
        public long? SourceId { get; init; }
        public string? Publisher { get; init; }
        public string? Title { get; init; }
        public string? Url { get; init; }
        public LocalDate? PublishedOn { get; init; }

        public Citation? Source() => SourceId is { } id ? new Citation(id, Publisher!, Title, Url, PublishedOn) : null;
    }
}
