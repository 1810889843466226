using Dapper;
using Npgsql;

namespace MilestoneWatch.Subscribers;

/// <summary>The readers by pages, for whoever looks after them.</summary>
internal static class ReaderList
{
    private const string Page = """
        select s.id, s.email, s.state, s.cadence, s.last_digest_at, s.next_due_at, s.created_at, x.reason as suppressed
        from subscribers s left join suppressions x on x.email_key = s.email_key and x.lifted_at is null
        where s.id > @after and (@like::text is null or s.email ilike @like)
        order by s.id limit @most
        """;

    /// <summary>Readers in the order in which they joined.</summary>
    /// <param name="connection">Open.</param>
    /// <param name="part">A part of the address, in any case; null for all.</param>
    /// <param name="after">Those after this number.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="ct">Stops waiting.</param>
    public static async Task<IReadOnlyList<ReaderLine>> ReadAsync(
        NpgsqlConnection connection,
        string? part,
        long after,
        int most,
        CancellationToken ct
    )
    {
        var asked = new
        {
            after,
            most,
            like = part is null
                ? null
                : $"%{part.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%",
        };
        return [.. await connection.QueryAsync<ReaderLine>(new CommandDefinition(Page, asked, cancellationToken: ct))];
    }
}
