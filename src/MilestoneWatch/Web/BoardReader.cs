using Dapper;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Record;
using MilestoneWatch.Web.Views;
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

    public async Task<BoardView> ReadBoardAsync(Instant? asOf, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var (position, at) = await AtAsync(connection, asOf, ct);
        var milestones = await LedgerReader.MilestonesAsync(connection, position, ct);
        var histories = await LedgerReader.HistoryAsync(connection, [.. milestones.Select(m => m.Id)], position, ct);
        var subjects = milestones.Select(m => m.SubjectName).Distinct(StringComparer.Ordinal).ToList();
        var facts = histories
            .SelectMany(history => history)
            .Where(entry => entry.Actor is not null && entry.Kind != EntryKind.Looked)
            .ToList();
        return new BoardView(
            subjects.Count == 0 ? "Nothing yet" : string.Join(", ", subjects),
            at.InUtc().Date,
            asOf?.InUtc().Date,
            [.. milestones.Select(m => new MilestoneStory(m, [.. histories[m.Id]], milestones, at).Row())],
            facts.Count == 0 ? null : facts.Max(entry => entry.RecordedAt).InUtc().Date
        );
    }

    public async Task<MilestoneView?> ReadMilestoneAsync(string slug, Instant? asOf, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var (position, at) = await AtAsync(connection, asOf, ct);
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

    private async Task<(long Position, Instant At)> AtAsync(NpgsqlConnection connection, Instant? asOf, CancellationToken ct) =>
        asOf is { } at
            ? (await LedgerReader.PositionAtAsync(connection, at, ct), at)
            : (await LedgerReader.HeadAsync(connection, ct), clock.GetCurrentInstant());

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
