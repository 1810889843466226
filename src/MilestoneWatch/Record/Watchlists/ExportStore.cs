using Dapper;
using MilestoneWatch.Domain.Ledger;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>What an export reads beside the ledger.</summary>
internal static class ExportStore
{
    private const string Subjects = "select slug, name from subjects order by slug";

    private const string MilestoneIds = """
        select m.id from milestones m join subjects s on s.id = m.subject_id where s.slug = @subject order by m.id
        """;

    private const string Quotes = """
        select q.id, q.who, q.says, q.verbatim, s.id as source_id, s.publisher, s.title, s.url, s.published_on
        from quotes q join subjects j on j.id = q.subject_id left join sources s on s.id = q.source_id
        where j.slug = @subject order by q.id
        """;

    private const string Context = """
        select c.id, c.says, c.happened_on, s.id as source_id, s.publisher, s.title, s.url, s.published_on
        from context_items c join subjects j on j.id = c.subject_id left join sources s on s.id = c.source_id
        where j.slug = @subject order by c.id
        """;

    public static async Task<IReadOnlyList<(string Slug, string Name)>> SubjectsAsync(NpgsqlConnection connection, CancellationToken ct) =>
        [.. await connection.QueryAsync<(string, string)>(new CommandDefinition(Subjects, cancellationToken: ct))];

    public static async Task<long[]> MilestoneIdsAsync(NpgsqlConnection connection, string subject, CancellationToken ct) =>
        [.. await connection.QueryAsync<long>(new CommandDefinition(MilestoneIds, new { subject }, cancellationToken: ct))];

    public static async Task<IReadOnlyList<Said>> QuotesAsync(NpgsqlConnection connection, string subject, CancellationToken ct) =>
        [.. await connection.QueryAsync<Said>(new CommandDefinition(Quotes, new { subject }, cancellationToken: ct))];

    public static async Task<IReadOnlyList<Said>> ContextAsync(NpgsqlConnection connection, string subject, CancellationToken ct) =>
        [.. await connection.QueryAsync<Said>(new CommandDefinition(Context, new { subject }, cancellationToken: ct))];

    /// <summary>A quote or a piece of context.</summary>
    internal sealed record Said
    {
        public long Id { get; init; }
        public string Who { get; init; } = "";
        public string Says { get; init; } = "";
        public bool Verbatim { get; init; }
        public LocalDate? HappenedOn { get; init; }
        public long? SourceId { get; init; }
        public string? Publisher { get; init; }
        public string? Title { get; init; }
        public string? Url { get; init; }
        public LocalDate? PublishedOn { get; init; }

        public Citation? Source => SourceId is { } id ? new Citation(id, Publisher!, Title, Url, PublishedOn) : null;
    }
}
