using Dapper;
using Npgsql;

namespace MilestoneWatch.Delivery;

/// <summary>Places in a line that all replicas share: at most so many mails a second, whoever sends them.</summary>
internal static class PaceStore
{
    // Time in which nothing was sent is not saved up: that would be a burst. One instant throughout, or each place would lose what the statement takes.
    private const string Reserve = """
        insert into paces (name, next_at)
        select u.name, statement_timestamp() + u.places * @gap::interval from unnest(@names::text[], @places::int[]) as u (name, places) order by u.name
        on conflict (name) do update
        set next_at = greatest(paces.next_at, statement_timestamp()) + (excluded.next_at - statement_timestamp())
        returning name, extract(epoch from next_at - statement_timestamp())::float8 as seconds
        """;

    /// <summary>Takes places, each a gap long. Returns how long from now the last place of each line ends.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="lines">How many places in each line.</param>
    /// <param name="gap">From one mail to the next.</param>
    /// <param name="ct">Stops waiting.</param>
    public static async Task<IReadOnlyDictionary<string, TimeSpan>> ReserveAsync(
        NpgsqlConnection connection,
        IReadOnlyDictionary<string, int> lines,
        TimeSpan gap,
        CancellationToken ct
    ) =>
        (
            await connection.QueryAsync<(string Name, double Seconds)>(
                new CommandDefinition(
                    Reserve,
                    new
                    {
                        names = lines.Keys.ToArray(),
                        places = lines.Values.ToArray(),
                        gap,
                    },
                    cancellationToken: ct
                )
            )
        ).ToDictionary(line => line.Name, line => TimeSpan.FromSeconds(line.Seconds), StringComparer.Ordinal);
}
