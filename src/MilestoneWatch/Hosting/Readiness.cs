using Dapper;
using Npgsql;

namespace MilestoneWatch.Hosting;

/// <summary>Whether the database can be worked with: it answers, may be written to, and has room.</summary>
internal static class Readiness
{
    private const string ReadOnly = "select current_setting('transaction_read_only') = 'on'";

    // A sort with less memory than it needs writes half a megabyte to the data's disk and leaves nothing behind. An update would prove
    // less: it finds room on a page that is there already.
    private const string LittleMemory = "set local work_mem = '64kB'";

    private const string Spill = """
        select count(*) from (select repeat('x', 8000) || n as page from generate_series(1, 64) n order by page desc) s
        """;

    /// <summary>What is wrong, as words for people; null when nothing is.</summary>
    /// <param name="database">Where to ask.</param>
    /// <param name="ct">Stops waiting.</param>
    public static async Task<string?> TroubleAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(ReadOnly, cancellationToken: ct)))
            {
                return "the database is read-only: connect to the primary, or see why it takes no writes";
            }
            await connection.ExecuteAsync(new CommandDefinition(LittleMemory, cancellationToken: ct));
            await connection.ExecuteScalarAsync<long>(new CommandDefinition(Spill, cancellationToken: ct));
            return null;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DiskFull)
        {
            return $"the database's disk is full, free some space ({e.MessageText})";
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("53", StringComparison.Ordinal))
        {
            return $"the database is out of resources: {e.MessageText}";
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return $"the database does not answer ({e.GetBaseException().Message})";
        }
    }
}
