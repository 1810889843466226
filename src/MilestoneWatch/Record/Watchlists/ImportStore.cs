using Dapper;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>What an import reads and writes beside the ledger.</summary>
internal static class ImportStore
{
    private const string Lock = "select pg_advisory_xact_lock(1297564679, hashtext(@watchlist))";

    private const string Baseline = "select key, value from import_facts where watchlist = @watchlist";

    private const string Save = """
        insert into import_facts (watchlist, key, value) select @watchlist, said.key, said.value from unnest(@keys::text[], @values::text[]) as said (key, value)
        on conflict (watchlist, key) do update set value = excluded.value
        """;

    private const string EnsureSubject = """
        insert into subjects (slug, name) values (@slug, @name) on conflict (slug) do update set name = excluded.name returning id
        """;

    private const string AddMilestone = """
        insert into milestones (subject_id, slug, kind, zone) values (@subjectId, @slug, @kind, @zone) returning id
        """;

    private const string BearsOn = """
        insert into milestone_about (question_id, about_id)
        select @id, m.id from milestones m where m.slug = any(@slugs) on conflict do nothing
        """;

    private const string AddQuote = """
        insert into quotes (subject_id, who, says, verbatim, source_id, recorded_at)
        values (@subjectId, @who, @says, @verbatim, @sourceId, @now) returning id
        """;

    private const string AddContext = """
        insert into context_items (subject_id, happened_on, says, source_id, recorded_at)
        values (@subjectId, @on, @says, @sourceId, @now) returning id
        """;

    /// <summary>One import of a watchlist at a time.</summary>
    public static Task LockAsync(NpgsqlConnection connection, string watchlist, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(Lock, new { watchlist }, cancellationToken: ct));

    /// <summary>What the watchlist last said of each fact.</summary>
    public static async Task<Dictionary<string, string>> BaselineAsync(
        NpgsqlConnection connection,
        string watchlist,
        CancellationToken ct
    ) =>
        (
            await connection.QueryAsync<(string Key, string Value)>(
                new CommandDefinition(Baseline, new { watchlist }, cancellationToken: ct)
            )
        ).ToDictionary(fact => fact.Key, fact => fact.Value, StringComparer.Ordinal);

    public static Task SaveAsync(
        NpgsqlConnection connection,
        string watchlist,
        IReadOnlyDictionary<string, string> said,
        CancellationToken ct
    ) =>
        connection.ExecuteAsync(
            new CommandDefinition(
                Save,
                new
                {
                    watchlist,
                    keys = said.Keys.ToArray(),
                    values = said.Values.ToArray(),
                },
                cancellationToken: ct
            )
        );

    public static Task<long> EnsureSubjectAsync(NpgsqlConnection connection, string slug, string name, CancellationToken ct) =>
        connection.ExecuteScalarAsync<long>(new CommandDefinition(EnsureSubject, new { slug, name }, cancellationToken: ct));

    public static Task<long> AddMilestoneAsync(
        NpgsqlConnection connection,
        long subjectId,
        string slug,
        string kind,
        string zone,
        CancellationToken ct
    ) =>
        connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                AddMilestone,
                new
                {
                    subjectId,
                    slug,
                    kind,
                    zone,
                },
                cancellationToken: ct
            )
        );

    public static Task BearsOnAsync(NpgsqlConnection connection, long id, IEnumerable<string> slugs, CancellationToken ct) =>
        connection.ExecuteAsync(new CommandDefinition(BearsOn, new { id, slugs = slugs.ToArray() }, cancellationToken: ct));

    public static Task<long> AddQuoteAsync(
        NpgsqlConnection connection,
        long subjectId,
        string who,
        string says,
        bool verbatim,
        long? sourceId,
        Instant now,
        CancellationToken ct
    ) =>
        connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                AddQuote,
                new
                {
                    subjectId,
                    who,
                    says,
                    verbatim,
                    sourceId,
                    now,
                },
                cancellationToken: ct
            )
        );

    public static Task<long> AddContextAsync(
        NpgsqlConnection connection,
        long subjectId,
        LocalDate? on,
        string says,
        long? sourceId,
        Instant now,
        CancellationToken ct
    ) =>
        connection.ExecuteScalarAsync<long>(
            new CommandDefinition(
                AddContext,
                new
                {
                    subjectId,
                    on,
                    says,
                    sourceId,
                    now,
                },
                cancellationToken: ct
            )
        );
}
