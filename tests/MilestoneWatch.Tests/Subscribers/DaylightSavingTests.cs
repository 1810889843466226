using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Subscribers;
using NodaTime;

namespace MilestoneWatch.Tests.Subscribers;

public sealed class DaylightSavingTests(PostgresCluster cluster)
{
    [Theory]
    [InlineData("2026-10-23T10:00:00Z", "02:30")]
    [InlineData("2026-10-23T10:00:00Z", "08:00")]
    [InlineData("2027-03-26T10:00:00Z", "02:30")]
    [InlineData("2027-03-26T10:00:00Z", "08:00")]
    public async Task A_daily_reader_in_Paris_gets_one_mail_each_day(string from, string at)
    {
        await using var house = await House.OpenAsync(cluster, from);
        await house.PromiseAsync("site", "2030");
        await house.JoinAsync("reader@example.org", Cadence.Daily, at: at);
        var first = house.Clock.GetCurrentInstant().InZone(House.Paris).Date;
        for (var halfHour = 0; halfHour < 4 * 48; halfHour++)
        {
            if (halfHour % 48 == 0)
            {
                await house.StatusAsync("site", halfHour % 96 == 0 ? Status.AtRisk : Status.OnTrack);
            }
            house.Clock.AdvanceMinutes(30);
            await house.RunAsync();
        }

        Assert.Equal(
            Enumerable.Range(1, 4).Select(first.PlusDays),
            house.Mails().Select(mail => Instant.FromDateTimeOffset(mail.Date).InZone(House.Paris).Date)
        );
    }
}
