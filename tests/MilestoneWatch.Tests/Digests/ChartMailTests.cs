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

    [Fact]
    public async Task An_open_end_fades_and_a_closed_window_shows_how_it_got_there()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-06-04T08:00:00Z");
        await house.PromiseAsync("plant", "by 2026");
        await house.RescheduleAsync("plant", "by June 2027");
        await house.RunAsync();
        await house.JoinAsync(Reader, Cadence.Daily, "plant");
        await house.RunAtAsync("2027-07-01T06:00:00Z");

        Golden.Matches("passed-after-a-move", house.Mails()[^1]);
    }

    [Fact]
    public async Task Forty_changes_are_one_mail_with_charts_for_the_first_three()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-06-04T08:00:00Z");
        foreach (var number in Enumerable.Range(1, 40))
        {
            await house.PromiseAsync($"plant-{number}", "Q3 2026");
        }
        await house.RunAsync();
        await house.JoinAsync(Reader, Cadence.Weekly);
        foreach (var number in Enumerable.Range(1, 40))
        {
            await house.RescheduleAsync($"plant-{number}", "Q4 2026", "Said at the partner day; the site itself was not shown.");
        }
        await house.RunAtAsync("2026-06-08T06:00:00Z");

        var mail = Assert.Single(house.Mails());

        Golden.Matches("forty", mail);
        Assert.Equal(3, Golden.Html(mail).Split("role=\"img\"").Length - 1);
        Assert.Contains(" more on the site: https://watch.example.org/?asOf=", Golden.Text(mail));
    }

    private static async Task MoveAsync(House house, string phrase, string at)
    {
        await house.RunAtAsync(at);
        await house.RecordAsync(new RecordRequest("les-ulis-opening", new Rescheduled(Is.Due(phrase)), "ana"));
    }
}
