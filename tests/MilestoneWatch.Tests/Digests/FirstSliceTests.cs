using MilestoneWatch.Domain.Subscribers;

namespace MilestoneWatch.Tests.Digests;

public sealed class FirstSliceTests(PostgresCluster cluster)
{
    [Fact]
    public async Task A_moved_date_is_told_once()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        await house.JoinAsync("reader@example.org", Cadence.Weekly);
        house.Clock.AdvanceDays(1);
        await house.RescheduleAsync("site", "Q4 2026");

        await house.RunAtAsync("2026-06-01T06:00:00Z");
        await house.RunAtAsync("2026-06-08T06:00:00Z");

        Assert.Equal(["site moved from Q3 2026 to Q4 2026 (92 days later)"], house.Mails().Select(mail => mail.Subject));
    }
}
