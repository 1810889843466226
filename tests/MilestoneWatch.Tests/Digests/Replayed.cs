using Dapper;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Record.Watchlists;
using MilestoneWatch.Tests.Record.Watchlists;
using NodaTime;

namespace MilestoneWatch.Tests.Digests;

/// <summary>The founding watchlist as it became known, day by day, with a weekly reader from the first day on.</summary>
internal static class Replayed
{
    public const string Reader = "weekly-reader@example.org";
    private static readonly LocalDate Start = new(2026, 5, 28);

    private const string NextDue = """
        select least(
            (select min(next_check_at) from milestones),
            (select min(next_due_at) from subscribers where state = 'active' and cadence <> 'immediate'))
        """;

    /// <summary>Leaves the clock at <paramref name="until"/>, with every mail up to then in the folder.</summary>
    public static async Task<House> OpenAsync(PostgresCluster cluster, Instant until)
    {
        var house = await House.OpenAsync(cluster, configure: Site);
        var dates = new FactDates(Founding.Read(), Start);
        var at = Morning(Start);
        while (true)
        {
            house.Clock.Reset(at);
            await WatchlistImport.RunAsync(
                house.Mw.Database,
                dates.KnownOn(dates.Days().Last(day => Morning(day) <= at)),
                at,
                CancellationToken.None
            );
            if (at == Morning(Start))
            {
                await house.JoinAsync(Reader, Cadence.Weekly);
            }
            await house.RunAsync();
            if (at == until)
            {
                return house;
            }
            await using var connection = await house.Mw.Database.OpenConnectionAsync();
            var due = await connection.ExecuteScalarAsync<Instant?>(NextDue) ?? until;
            at = dates
                .Days()
                .Select(Morning)
                .Where(morning => morning > at)
                .Append(until)
                .Append(Instant.Max(due, at + Duration.FromSeconds(1)))
                .Min();
        }
    }

    /// <summary>Everything that the watchlist says, imported at once.</summary>
    public static async Task<House> AtOnceAsync(PostgresCluster cluster, string now)
    {
        var house = await House.OpenAsync(cluster, now, Site);
        await house.ImportAsync(Founding.Yaml);
        await house.RunAsync();
        return house;
    }

    private static Dictionary<string, string?> Site =>
        new(StringComparer.Ordinal)
        {
            ["Site:BaseUrl"] = "https://watch.example.org",
            ["Mail:From"] = "MilestoneWatch <watch@example.org>",
        };

    private static Instant Morning(LocalDate day) => House.Paris.AtStrictly(day + new LocalTime(10, 0)).ToInstant();
}
