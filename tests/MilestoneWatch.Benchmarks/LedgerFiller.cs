using System.Text.Json;
using Dapper;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace MilestoneWatch.Benchmarks;

/// <summary>
/// Fills a new database by COPY. Bodies and states are folded and written by the product's own code, so a reader cannot tell them
/// from recorded ones; salts and hashes are filler (`ledger verify` would say so), because hashing belongs to appending.
/// </summary>
internal static class LedgerFiller
{
    public const string Analyst = "ana";
    public static readonly DateTimeZone Zone = DateTimeZoneProviders.Tzdb["Europe/Paris"];
    private static readonly Guid AnalystId = new("8b0e9f0e-6d6c-4d3c-9f3a-0f5a5d3c1b2a");

    // a look-up of the foreign key for each of ten million rows would only measure PostgreSQL; the keys are right by construction
    private const string Begin = """
        set local session_replication_role = replica;
        insert into subjects (slug, name) values ('acme', 'Acme');
        insert into users (id, name, created_at) values (@AnalystId, @Analyst, @start)
        """;

    private const string CopyEntries = """
        copy entries (position, milestone_id, kind, recorded_at, happened_on, actor, body_hash, hash, salt, body, state) from stdin (format binary)
        """;

    private const string CopyMilestones = """
        copy milestones (id, subject_id, slug, kind, zone, state, revision, position, changed_at, next_check_at) from stdin (format binary)
        """;

    // what autovacuum does within a minute of a load this large, done before anything is measured; and no leftover of it in the background
    private static readonly string[] Settle =
    [
        "select setval(pg_get_serial_sequence('milestones', 'id'), (select max(id) from milestones))",
        "vacuum (analyze) entries",
        "vacuum (analyze) milestones",
        "checkpoint",
    ];

    public static string Slug(long milestone) => $"m{milestone}";

    /// <param name="database">As the owner; migrated and empty.</param>
    /// <param name="kind">Of every milestone.</param>
    /// <param name="entries">In the order of their positions.</param>
    /// <param name="last">Each milestone's last entry, with when the clock next has something to say; asked for after the entries.</param>
    /// <param name="ct">Stops it; what was copied so far is rolled back.</param>
    public static async Task FillAsync(
        NpgsqlDataSource database,
        MilestoneKind kind,
        IEnumerable<Line> entries,
        IEnumerable<(Line Last, Instant? NextCheckAt)> last,
        CancellationToken ct
    )
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var start = Instant.FromUtc(2020, 1, 1, 0, 0);
        await connection.ExecuteAsync(
            new CommandDefinition(
                Begin,
                new
                {
                    AnalystId,
                    Analyst,
                    start,
                },
                cancellationToken: ct
            )
        );
        await using (var copy = await connection.BeginBinaryImportAsync(CopyEntries, ct))
        {
            foreach (var line in entries)
            {
                await WriteAsync(copy, line, ct);
            }
            await copy.CompleteAsync(ct);
        }
        await using (var copy = await connection.BeginBinaryImportAsync(CopyMilestones, ct))
        {
            foreach (var (line, next) in last)
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(line.Milestone, NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(1L, NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(Slug(line.Milestone), NpgsqlDbType.Text, ct);
                await copy.WriteAsync(LedgerJson.WriteEnum(kind), NpgsqlDbType.Text, ct);
                await copy.WriteAsync(Zone.Id, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(State(line), NpgsqlDbType.Jsonb, ct);
                await copy.WriteAsync(line.State.Revision, NpgsqlDbType.Integer, ct);
                await copy.WriteAsync(line.Position, NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(line.At, NpgsqlDbType.TimestampTz, ct);
                await (next is { } at ? copy.WriteAsync(at, NpgsqlDbType.TimestampTz, ct) : copy.WriteNullAsync(ct));
            }
            await copy.CompleteAsync(ct);
        }
        await transaction.CommitAsync(ct);
        foreach (var sql in Settle)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, Line line, CancellationToken ct)
    {
        await copy.StartRowAsync(ct);
        await copy.WriteAsync(line.Position, NpgsqlDbType.Bigint, ct);
        await copy.WriteAsync(line.Milestone, NpgsqlDbType.Bigint, ct);
        await copy.WriteAsync(LedgerJson.WriteEnum(line.Body.Change.Kind), NpgsqlDbType.Text, ct);
        await copy.WriteAsync(line.At, NpgsqlDbType.TimestampTz, ct);
        await copy.WriteAsync(line.At.InZone(Zone).Date, NpgsqlDbType.Date, ct);
        await copy.WriteAsync(AnalystId, NpgsqlDbType.Uuid, ct);
        await copy.WriteAsync(Filler.Hash, NpgsqlDbType.Bytea, ct);
        await copy.WriteAsync(Filler.Hash, NpgsqlDbType.Bytea, ct);
        await copy.WriteAsync(Filler.Salt, NpgsqlDbType.Bytea, ct);
        await copy.WriteAsync(LedgerJson.Write(line.Body), NpgsqlDbType.Text, ct);
        await copy.WriteAsync(State(line), NpgsqlDbType.Jsonb, ct);
    }

    private static string State(Line line) => JsonSerializer.Serialize(line.State, LedgerJson.Options);

    private static class Filler
    {
        public static readonly byte[] Hash = new byte[32];
        public static readonly byte[] Salt = new byte[16];
    }
}
