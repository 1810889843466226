using Dapper;
using MilestoneWatch.Domain.Checks;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Record;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Checks;

/// <summary>Turns the clock into entries: whatever has become true of due milestones is said, once.</summary>
internal sealed partial class CheckPass(NpgsqlDataSource database, IClock clock, ILogger<CheckPass> log)
{
    private const int Batch = 200;

    private const string Claim = """
        select id from milestones where next_check_at <= @now order by next_check_at limit @batch for no key update skip locked
        """;

    private const string Reschedule = """
        update milestones m set next_check_at = next.at
        from unnest(@ids::bigint[], @ats::timestamptz[]) as next (id, at) where m.id = next.id
        """;

    private const string Beat = """
        insert into passes (name, beat_at) values ('checks', @now) on conflict (name) do update set beat_at = excluded.beat_at
        """;

    /// <summary>One batch of due milestones. Returns whether there was work, so that the caller may ask again.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken ct)
    {
        var now = Ledger.Micros(clock.GetCurrentInstant());
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var ids = (
            await connection.QueryAsync<long>(new CommandDefinition(Claim, new { now, batch = Batch }, transaction, cancellationToken: ct))
        ).ToArray();
        var said = 0;
        if (ids.Length > 0)
        {
            said = await SayAsync(connection, ids, now, ct);
        }
        await connection.ExecuteAsync(new CommandDefinition(Beat, new { now }, transaction, cancellationToken: ct));
        await transaction.CommitAsync(ct);
        if (said > 0)
        {
            Said(log, ids.Length, said);
        }
        return ids.Length > 0;
    }

    private static async Task<int> SayAsync(NpgsqlConnection connection, long[] ids, Instant now, CancellationToken ct)
    {
        var milestones = await LedgerReader.MilestonesAsync(connection, long.MaxValue, ct, ids: ids);
        var drafts = new List<Draft>();
        var next = new List<Instant?>();
        foreach (var milestone in milestones)
        {
            var occasions = milestone.Occasions();
            foreach (var occasion in occasions.Where(occasion => occasion.At <= now))
            {
                drafts.Add(
                    new Draft(milestone.Id, new EntryBody(occasion.Said), State: null) { Occasion = occasion.Key, HappenedAt = occasion.At }
                );
            }
            next.Add(Occasions.NextCheckAfter(occasions, now));
        }
        var positions =
            drafts.Count == 0
                ? []
                : await Ledger.AppendAsync(connection, now, milestones.ToDictionary(m => m.Id, _ => (int?)null), drafts, Door.Check, ct);
        await using var command = new NpgsqlCommand(Reschedule, connection);
        command.Parameters.AddWithValue("ids", milestones.Select(m => m.Id).ToArray());
        command.Parameters.AddWithValue("ats", NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.TimestampTz, next.ToArray());
        await command.ExecuteNonQueryAsync(ct);
        return positions.Count(position => position is not null);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Checks: {Milestones} due, {Said} things said")]
    private static partial void Said(ILogger logger, int milestones, int said);
}
