using MilestoneWatch.Record.Watchlists;

namespace MilestoneWatch.Tests.Record.Watchlists;

/// <summary>What every export has to keep: imported anywhere it says the same again, and where it came from it says nothing new.</summary>
internal static class RoundTrip
{
    public static async Task<string> ExportAsync(this House house, string? subject = null) =>
        WatchlistYaml.Write(await house.Mw.ExportAsync(subject, CancellationToken.None));

    /// <summary>Exports, imports into an empty database and exports again: the same bytes. And nothing new where it came from.</summary>
    public static async Task<string> HoldsAsync(PostgresCluster cluster, House house)
    {
        var a = await house.ExportAsync();
        await using var empty = await House.OpenAsync(cluster, house.Clock.GetCurrentInstant().ToString());
        await empty.ImportAsync(a);
        Assert.Equal(a, await empty.ExportAsync());
        Assert.Equal(0, await empty.ImportAsync(a));
        Assert.Equal(a, await empty.ExportAsync());
        var before = await house.ScalarAsync<long>("select count(*) from entries");
        Assert.Equal(0, await house.ImportAsync(a));
        Assert.Equal(before, await house.ScalarAsync<long>("select count(*) from entries"));
        Assert.Equal(a, await house.ExportAsync());
        return a;
    }
}
