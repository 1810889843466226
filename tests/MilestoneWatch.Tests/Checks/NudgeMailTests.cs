using MilestoneWatch.Checks;
using MilestoneWatch.Tests.Digests;

namespace MilestoneWatch.Tests.Checks;

public sealed class NudgeMailTests(PostgresCluster cluster)
{
    [Fact]
    public async Task It_comes_on_the_paper_of_the_digests()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-06-04T08:00:00Z");
        await house.RunAtAsync("2026-10-02T08:00:00Z");
        await using (var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None))
        {
            await AnalystStore.PutAsync(
                connection,
                "ana",
                "ana@example.org",
                "Europe/Paris",
                role: null,
                house.Clock.GetCurrentInstant(),
                CancellationToken.None
            );
        }
        await house.RunAtAsync("2026-10-05T06:00:00Z");

        Golden.Matches("nudge", Assert.Single(house.Mails()));
    }
}
