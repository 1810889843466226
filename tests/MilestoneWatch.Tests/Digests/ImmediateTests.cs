using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Subscribers;

namespace MilestoneWatch.Tests.Digests;

public sealed class ImmediateTests(PostgresCluster cluster)
{
    [Fact]
    public async Task An_alert_waits_for_ten_quiet_minutes()
    {
        await using var house = await OpenAsync();
        await house.RescheduleAsync("site", "Q1 2027");

        await house.RunAtAsync("2026-05-28T08:09:59Z");
        Assert.Empty(house.Mails());
        await house.RunAtAsync("2026-05-28T08:10:00Z");
        Assert.Single(house.Mails());
    }

    [Fact]
    public async Task A_change_within_the_quiet_time_joins_the_same_alert()
    {
        await using var house = await OpenAsync();
        await house.RescheduleAsync("site", "Q1 2027");
        await house.RunAtAsync("2026-05-28T08:06:00Z");
        await house.StatusAsync("site", Status.AtRisk);

        await house.RunAtAsync("2026-05-28T08:15:59Z");
        Assert.Empty(house.Mails());
        await house.RunAtAsync("2026-05-28T08:16:00Z");
        Assert.Contains("planned → at risk", Assert.Single(house.Mails()).TextBody);
    }

    [Fact]
    public async Task Patience_ends_an_hour_after_the_first_change()
    {
        await using var house = await OpenAsync();
        foreach (var minute in Enumerable.Range(0, 12).Select(n => n * 5))
        {
            await house.RunAtAsync($"2026-05-28T08:{minute:00}:00Z");
            await house.StatusAsync("site", minute % 2 == 0 ? Status.AtRisk : Status.OnTrack);
        }

        await house.RunAtAsync("2026-05-28T08:59:59Z");
        Assert.Empty(house.Mails());
        await house.RunAtAsync("2026-05-28T09:00:00Z");
        Assert.Single(house.Mails());
    }

    [Fact]
    public async Task Noise_elsewhere_delays_nobody()
    {
        await using var house = await OpenAsync();
        await house.PromiseAsync("plant", "2027");
        await house.JoinAsync("site@example.org", Cadence.Immediate, "site");
        await house.RescheduleAsync("site", "Q1 2027");
        await house.RunAtAsync("2026-05-28T08:08:00Z");
        await house.StatusAsync("plant", Status.AtRisk);

        await house.RunAtAsync("2026-05-28T08:10:00Z");

        Assert.Equal("site@example.org", Assert.Single(house.Mails()).To.ToString());
    }

    [Fact]
    public async Task Two_alerts_in_one_moment_are_two()
    {
        await using var house = await OpenAsync(quiet: "0");
        foreach (var status in new[] { Status.AtRisk, Status.OnTrack, Status.Delayed })
        {
            await house.StatusAsync("site", status);
            await house.RunAsync();
        }

        Assert.Equal(3, house.Mails().Count);
    }

    [Fact]
    public async Task Readers_held_by_a_pass_that_fails_are_still_alerted()
    {
        await using var house = await OpenAsync();
        await house.RescheduleAsync("site", "Q1 2027");
        house.Clock.AdvanceMinutes(10);
        var ct = TestContext.Current.CancellationToken;
        await using (var other = await house.Mw.Database.OpenConnectionAsync(ct))
        await using (var pass = await other.BeginTransactionAsync(ct))
        {
            await using var hold = new Npgsql.NpgsqlCommand("select id from subscribers for update", other);
            await hold.ExecuteNonQueryAsync(ct);
            await house.RunAsync();
            await pass.RollbackAsync(ct);
        }

        await house.RunAsync();

        Assert.Single(house.Mails());
    }

    [Fact]
    public async Task Fifty_rings_later_nothing_is_told_twice()
    {
        await using var house = await OpenAsync();
        await house.RescheduleAsync("site", "Q1 2027");
        for (var ring = 0; ring < 50; ring++)
        {
            house.Clock.AdvanceMinutes(5);
            await house.RunAsync();
        }

        Assert.Single(house.Mails());
    }

    private async Task<House> OpenAsync(string quiet = "600")
    {
        var house = await House.OpenAsync(
            cluster,
            configure: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Digests:QuietSeconds"] = quiet }
        );
        await house.PromiseAsync("site", "Q4 2026");
        await house.JoinAsync("reader@example.org", Cadence.Immediate);
        return house;
    }
}
