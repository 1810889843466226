using Dapper;
using MilestoneWatch.Postgres;
using Npgsql;

namespace MilestoneWatch.Record;

/// <summary>The ledger as a trail: who recorded what, newest first.</summary>
internal static class AuditStore
{
    private const string Rows = """
        select e.position, e.milestone_id, m.slug, u.name as analyst, e.door, r.position as retracted_by
        from entries e
        join milestones m on m.id = e.milestone_id
        left join users u on u.id = e.actor
        left join entries r on r.retracts = e.position and r.kind = 'retracted'
        """;

    private const string Order = "e.position < @before and e.position > @after order by e.position desc limit @most";

    private const string Anybody = $"{Rows} where e.actor is not null and (@door::text is null or e.door = @door) and {Order}";

    private const string Somebody = $"""
        {Rows} where e.actor = (select id from users where name = @analyst) and (@door::text is null or e.door = @door) and {Order}
        """;

    private const string OfMilestone = $"{Rows} where e.milestone_id = @milestone and e.actor is not null and {Order}";

    private const string At = $"{Rows} where e.position = @position";

    private const string Analysts = "select name from users order by name";

    /// <summary>What analysts recorded, or one of them, through any door or one.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="analyst">The name, or null for all.</param>
    /// <param name="door">The door, or null for all.</param>
    /// <param name="before">Entries before this position.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="ct">Stops waiting.</param>
    public static Task<IReadOnlyList<AuditRow>> ReadAsync(
        NpgsqlConnection connection,
        string? analyst,
        Door? door,
        long before,
        int most,
        CancellationToken ct
    ) =>
        QueryAsync(
            connection,
            analyst is null ? Anybody : Somebody,
            new
            {
                analyst,
                door = door is { } known ? LedgerJson.WriteEnum(known) : null,
                before,
                after = 0L,
                most,
            },
            ct
        );

    /// <summary>What analysts recorded of one milestone after a position.</summary>
    public static Task<IReadOnlyList<AuditRow>> OfMilestoneAsync(
        NpgsqlConnection connection,
        long milestone,
        long after,
        int most,
        CancellationToken ct
    ) =>
        QueryAsync(
            connection,
            OfMilestone,
            new
            {
                milestone,
                before = long.MaxValue,
                after,
                most,
            },
            ct
        );

    /// <summary>One entry; none where there is no such position.</summary>
    public static Task<IReadOnlyList<AuditRow>> AtAsync(NpgsqlConnection connection, long position, CancellationToken ct) =>
        QueryAsync(connection, At, new { position }, ct);

    /// <summary>Everybody who has recorded, or may.</summary>
    public static async Task<IReadOnlyList<string>> AnalystsAsync(NpgsqlConnection connection, CancellationToken ct) =>
        [.. await connection.QueryAsync<string>(new CommandDefinition(Analysts, cancellationToken: ct))];

    private static async Task<IReadOnlyList<AuditRow>> QueryAsync(
        NpgsqlConnection connection,
        string sql,
        object asked,
        CancellationToken ct
    ) => [.. (await connection.QueryAsync<Row>(new CommandDefinition(sql, asked, cancellationToken: ct))).Select(row => row.Read())];

    private sealed record Row
    {
        public long Position { get; init; }
        public long MilestoneId { get; init; }
        public string Slug { get; init; } = "";
        public string? Analyst { get; init; }
        public string? Door { get; init; }
        public long? RetractedBy { get; init; }

        public AuditRow Read() =>
            new(Position, MilestoneId, Slug, Analyst, Door is { } door ? LedgerJson.ReadEnum<Door>(door) : null, RetractedBy);
    }
}
