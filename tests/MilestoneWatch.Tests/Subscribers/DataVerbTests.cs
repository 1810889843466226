using MilestoneWatch.Tests.Cli;

namespace MilestoneWatch.Tests.Subscribers;

public sealed class DataVerbTests(PostgresCluster cluster)
{
    [Fact]
    public async Task Data_is_exported_and_erased_only_when_that_is_meant()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        await house.DoneAsync("subscriber", "add", "ada@example.org", "--confirmed", "--no-welcome");

        var data = await house.JsonAsync("subscriber", "export", "\"Ada\"@Example.org");
        Assert.Equal("ada@example.org", (string?)data["subscriber"]!["email"]);
        await house.RefusedAsync(1, ["cannot be undone", "--yes"], "subscriber", "erase", "ada@example.org");
        Assert.Contains("erased", await house.DoneAsync("subscriber", "erase", "ada@example.org", "--yes"), StringComparison.Ordinal);
        await house.RefusedAsync(1, ["nobody subscribes as ada@example.org"], "subscriber", "export", "ada@example.org");
    }
}
