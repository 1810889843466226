using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Tests.Digests;

/// <summary>Where a mail draws, and that it says in words what it draws.</summary>
public sealed class ChartMailTests(PostgresCluster cluster)
{
    private const string Reader = "reader@example.org";

    [Fact]
    public async Task A_date_that_moved_three_times_is_drawn_from_its_first_promise_on()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-06-04T08:00:00Z");
        await MoveAsync(house, "Q4 2026", "2026-09-20T08:00:00Z");
        await MoveAsync(house, "March 2027", "2026-12-10T08:00:00Z");
        await house.JoinAsync(Reader, Cadence.Immediate, "les-ulis-opening");
        await MoveAsync(house, "Q3 2027", "2027-03-02T08:00:00Z");
        await house.RunAtAsync("2027-03-02T08:15:00Z");

        var mail = house.Mails()[^1];

        Golden.Matches("slipped", mail);
        Assert.Contains("It was first promised for \"Q3 2026\": 365 days later in all.", Golden.Text(mail));
    }

    [Fact]
    public async Task Progress_is_drawn_towards_its_target()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-06-04T08:00:00Z");
        await house.JoinAsync(Reader, Cadence.Weekly);
        await house.RecordAsync(
            new RecordRequest("compute-200-mw", new ProgressRecorded(65), "ana")
            {
                HappenedOn = new LocalDate(2026, 6, 4),
                Source = new SourceNamed("Example Wire", Url: "https://wire.example/65-mw", PublishedOn: new LocalDate(2026, 6, 4)),
                Standing = Standing.Reported,
            }
        );
        await house.RunAtAsync("2026-06-08T06:00:00Z");

        Golden.Matches("progress", Assert.Single(house.Mails()));
    }

    private static async Task MoveAsync(House house, string phrase, string at)
    {
        await house.RunAtAsync(at);
        await house.RecordAsync(new RecordRequest("les-ulis-opening", new Rescheduled(Is.Due(phrase)), "ana"));
    }
}
