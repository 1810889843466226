using Dapper;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Api;

/// <summary>Who recorded what, when, and through which door.</summary>
internal static class AuditStore
{
    private const string Columns = """
        e.position, e.recorded_at, m.slug, e.kind, e.door, u.name as analyst, e.happened_on, e.retracts
        """;

    private const string Of = $"""
        select {Columns} from entries e join milestones m on m.id = e.milestone_id left join users u on u.id = e.actor
        where e.position < @before and (@doors::text[] is null or e.door = any(@doors)) order by e.position desc limit @most
        """;

    // by the analyst's own index: a filter on all entries would read the whole ledger for whoever records seldom
    private const string OfAnalysts = $"""
        select {Columns} from entries e join milestones m on m.id = e.milestone_id join users u on u.id = e.actor
        where e.actor in (select id from users where name = any(@analysts)) and e.position < @before
            and (@doors::text[] is null or e.door = any(@doors))
        order by e.position desc limit @most
        """;

    private const string Analysts = "select name from users order by name";

    /// <summary>The entries before a position, newest first; of some analysts and through some doors only, where those are given.</summary>
    public static async Task<IReadOnlyList<Row>> ReadAsync(
        NpgsqlConnection connection,
        long before,
        string[]? analysts,
        string[]? doors,
        int most,
        CancellationToken ct
    )
    {
        var asked = new
        {
            before,
            analysts,
            doors,
            most,
        };
        return
        [
            .. await connection.QueryAsync<Row>(new CommandDefinition(analysts is null ? Of : OfAnalysts, asked, cancellationToken: ct)),
        ];
    }

    public static async Task<IReadOnlyList<string>> AnalystsAsync(NpgsqlConnection connection, CancellationToken ct) =>
        [.. await connection.QueryAsync<string>(new CommandDefinition(Analysts, cancellationToken: ct))];

    internal sealed record Row
    {
        public long Position { get; init; }
        public Instant RecordedAt { get; init; }
        public string Slug { get; init; } = "";
        public string Kind { get; init; } = "";
        public string? Door { get; init; }
        public string? Analyst { get; init; }
        public LocalDate? HappenedOn { get; init; }
        public long? Retracts { get; init; }
    }
}
