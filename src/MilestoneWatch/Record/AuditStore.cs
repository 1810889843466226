using Dapper;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Record;

/// <summary>The ledger as a trail: who recorded what, newest first.</summary>
internal static class AuditStore
{
    private const string Rows = """
        select e.position, e.recorded_at, e.milestone_id, m.slug, e.kind, u.name as analyst, e.door, e.happened_on, e.retracts,
            r.position as retracted_by
        from entries e
        join milestones m on m.id = e.milestone_id
        left join users u on u.id = e.actor
        left join entries r on r.retracts = e.position and r.kind = 'retracted'
        """;

    private const string Doors = "(@doors::text[] is null or e.door = any(@doors))";
    private const string Order = "e.position < @before and e.position > @after order by e.position desc limit @most";

    private const string Anybody = $"{Rows} where (@clock or e.actor is not null) and {Doors} and {Order}";

    // by the analyst's own index: a filter on all entries would read the whole ledger for whoever records seldom
    private const string Somebody = $"""
        {Rows} where e.actor in (select id from users where name = any(@analysts)) and {Doors} and {Order}
        """;

    private const string OfMilestone = $"{Rows} where e.milestone_id = @milestone and e.actor is not null and {Order}";

    private const string At = $"{Rows} where e.position = @position";

    private const string Analysts = "select name from users order by name";

    /// <summary>What was recorded, by anybody or by some, through any door or some.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="analysts">Their names; null for all.</param>
    /// <param name="doors">The doors' words; null for all.</param>
    /// <param name="clock">Whether what the clock said is wanted too.</param>
    /// <param name="before">Entries before this position.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="ct">Stops waiting.</param>
    public static Task<IReadOnlyList<AuditRow>> ReadAsync(
        NpgsqlConnection connection,
        string[]? analysts,
        string[]? doors,
        bool clock,
        long before,
        int most,
        CancellationToken ct
    ) =>
        QueryAsync(
            connection,
            analysts is null ? Anybody : Somebody,
            new
            {
                analysts,
                doors,
                clock,
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
        public Instant RecordedAt { get; init; }
        public long MilestoneId { get; init; }
        public string Slug { get; init; } = "";
        public string Kind { get; init; } = "";
        public string? Analyst { get; init; }
        public string? Door { get; init; }
        public LocalDate? HappenedOn { get; init; }
        public long? Retracts { get; init; }
        public long? RetractedBy { get; init; }

        public AuditRow Read() =>
            new()
            {
                Position = Position,
                RecordedAt = RecordedAt,
                MilestoneId = MilestoneId,
                Slug = Slug,
                Kind = LedgerJson.ReadEnum<EntryKind>(Kind),
                Analyst = Analyst,
                Door = Door is { } door ? LedgerJson.ReadEnum<Door>(door) : null,
                HappenedOn = HappenedOn,
                Retracts = Retracts,
                RetractedBy = RetractedBy,
            };
    }
}
