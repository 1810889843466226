using System.Net;
using System.Text.RegularExpressions;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Tests.Web;

public sealed partial class RecordPageTests(PostgresCluster cluster)
{
    // promised for "Q4 2026" on 28 May 2026
    private static readonly LocalDate Latest = new(2026, 12, 31);

    [Fact]
    public async Task An_empty_ledger_has_a_record_too()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);

        var page = await house.GetAsync("/record?asOf=2020-01-01");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Nothing is promised here yet.", page.Body, StringComparison.Ordinal);
        Assert.Contains("No forecast on record can be judged yet.", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_date_to_come_decides_nothing()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);

        var page = await house.GetAsync("/record");

        Assert.Equal("Who kept the first date", page.Title);
        Assert.Contains("No first date on record is decided yet.", page.Body, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"Acme, a mark for each first date: 1 not due yet\"", page.Body, StringComparison.Ordinal);
        Assert.Contains("<td data-label=\"Kept\">None decided yet</td>", page.Body, StringComparison.Ordinal);
        Assert.Contains("“Q4 2026”", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_date_that_passed_in_silence_is_counted_apart_and_never_as_a_miss()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        At(house, "2027-02-01T08:00:00Z");

        var page = await house.GetAsync("/record");

        Assert.Contains("One date has passed with nothing on record: silence, not proof of a miss.", page.Body, StringComparison.Ordinal);
        Assert.Contains("<td data-label=\"Kept\">None decided yet</td>", page.Body, StringComparison.Ordinal);
        Assert.Contains("<td data-label=\"No record\" class=\"figures\">1</td>", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("st-missed", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_promise_is_said_as_one_and_never_as_a_rate()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        At(house, "2027-02-01T08:00:00Z");
        await AchievedAsync(house, Latest);

        var page = await house.GetAsync("/record");

        Assert.Contains("The one first date decided so far was kept; too few to say more.", page.Body, StringComparison.Ordinal);
        Assert.Contains("<td data-label=\"Kept\">1 of 1; too few to say more</td>", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("100%", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_promises_have_a_rate_with_its_interval()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        string[] slugs = ["one", "two", "three", "four"];
        foreach (var slug in slugs)
        {
            await house.House.PromiseAsync(slug, "Q4 2026");
        }
        At(house, "2027-02-01T08:00:00Z");
        foreach (var slug in slugs)
        {
            await AchievedAsync(house, Latest, slug);
        }
        await AchievedAsync(house, Latest.PlusDays(1));

        var page = await house.GetAsync("/record");

        Assert.Contains("Of five first dates decided so far, four were kept.", page.Body, StringComparison.Ordinal);
        Assert.Contains("<td data-label=\"Kept\">4 of 5 (80%; likely 38% to 96%)</td>", page.Body, StringComparison.Ordinal);
        Assert.Contains("class=\"rec-band\"", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_moved_date_is_judged_by_the_first_and_as_it_was_known_then()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        At(house, "2026-06-10T08:00:00Z");
        await house.House.RescheduleAsync("site", "Q2 2027");
        At(house, "2027-02-01T08:00:00Z");

        var now = await house.GetAsync("/record");
        var then = await house.GetAsync("/record?asOf=2026-12-01");
        var before = await house.GetAsync("/record?asOf=2026-06-01");

        Assert.Contains("<td data-label=\"Kept\">0 of 1; too few to say more</td>", now.Body, StringComparison.Ordinal);
        Assert.Contains("<td data-label=\"Median slip\">+181 days (one date)</td>", now.Body, StringComparison.Ordinal);
        Assert.Contains("moved past it", now.Body, StringComparison.Ordinal);
        Assert.Contains("None decided yet", then.Body, StringComparison.Ordinal);
        Assert.Contains("+181 days", then.Body, StringComparison.Ordinal);
        Assert.Contains("As known on <time datetime=\"2026-12-01\">", then.Body, StringComparison.Ordinal);
        Assert.Contains("href=\"/m/site?asOf=2026-12-01\"", then.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("+181 days", before.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_move_that_was_taken_back_counts_for_nothing()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var moved = Assert.IsType<RecordOutcome.Recorded>(await house.House.RescheduleAsync("site", "Q2 2027"));
        await house.House.Mw.Recorder.RetractAsync(moved.Position, "misread", "ana", CancellationToken.None);
        At(house, "2027-02-01T08:00:00Z");

        var page = await house.GetAsync("/record");

        Assert.Contains("<td data-label=\"Dates moved\" class=\"figures\">0 of 1</td>", page.Body, StringComparison.Ordinal);
        Assert.Contains("None decided yet", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forecasts_are_judged_once_their_day_is_decided_and_those_taken_back_never()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        await SayAsync(house, "ana", 0.62m);
        await SayAsync(house, "ben", 0.68m);
        var wrong = await SayAsync(house, "ben", 0.1m);
        await house.House.Mw.Recorder.RetractAsync(wrong, "typed wrong", "ben", CancellationToken.None);
        var open = await house.GetAsync("/record");
        At(house, "2027-02-01T08:00:00Z");
        await AchievedAsync(house, new LocalDate(2026, 12, 10));

        var page = await house.GetAsync("/record");

        Assert.Contains("No forecast on record can be judged yet.", open.Body, StringComparison.Ordinal);
        Assert.Contains(
            "Two forecasts by two analysts about one promise can be judged. Too few to say more.",
            page.Body,
            StringComparison.Ordinal
        );
        Assert.Contains("<th scope=\"row\">60% to under 70%</th>", page.Body, StringComparison.Ordinal);
        Assert.Contains("<td data-label=\"Came true\">2 of 2; too few to say more</td>", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("10% to under 20%", page.Body, StringComparison.Ordinal);
        Assert.Contains("class=\"rec-few\"", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_board_and_every_public_page_lead_to_it()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);

        Assert.Equal(2, Regex.Count((await house.GetAsync("/?asOf=2026-06-01")).Body, "href=\"/record\\?asOf=2026-06-01\""));
        Assert.Contains("href=\"/record\"", (await house.GetAsync("/m/site")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_date_is_refused_in_a_friendly_way()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);

        var page = await house.GetAsync("/record?asOf=soonish");

        Assert.Equal((HttpStatusCode.BadRequest, "That is not a date"), (page.Status, page.Title));
    }

    [Fact]
    public async Task Nothing_is_inline_and_nothing_comes_from_elsewhere()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        await SayAsync(house, "ana", 0.62m);
        At(house, "2027-02-01T08:00:00Z");
        await AchievedAsync(house, Latest);

        var page = await house.GetAsync("/record");

        Assert.Contains("default-src 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("rec-calibration", page.Body, StringComparison.Ordinal);
        Assert.DoesNotMatch("<(script|style|iframe|object|base|img)\\b", page.Body);
        Assert.DoesNotMatch(InlineAttribute(), page.Body);
    }

    private static void At(ServedHouse house, string instant) =>
        house.House.Clock.Reset(InstantPattern.ExtendedIso.Parse(instant).GetValueOrThrow());

    private static Task<long> AchievedAsync(ServedHouse house, LocalDate on, string slug = "site") =>
        house.House.RecordAsync(
            new RecordRequest(slug, new StatusChanged(Status.Achieved, "the analyst was there"), "ana") { HappenedOn = on }
        );

    private static Task<long> SayAsync(ServedHouse house, string analyst, decimal probability) =>
        house.House.RecordAsync(new RecordRequest("site", new Forecasted([new ForecastPoint(Latest, probability)]), analyst));

    [GeneratedRegex("<[^>]*\\s(style|on[a-z]+)=", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InlineAttribute();
}
