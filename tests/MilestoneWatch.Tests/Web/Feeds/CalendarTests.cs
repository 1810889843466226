using System.Net;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;

namespace MilestoneWatch.Tests.Web.Feeds;

/// <summary>A milestone's date in a calendar, as a program that is not ours reads it.</summary>
public sealed class CalendarTests(PostgresCluster cluster)
{
    private const string Site = "/m/site.ics";

    [Fact]
    public async Task One_event_follows_five_slips()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        var events = new List<ReadEvent> { (await served.CalendarAsync(Site)).Event };
        string[] slips = ["Q4 2026", "31 January 2027", "March 2027", "by end of 2027", "15 June 2028"];
        foreach (var slip in slips)
        {
            served.House.Clock.AdvanceDays(20);
            Assert.IsType<RecordOutcome.Recorded>(await served.House.RescheduleAsync("site", slip));
            events.Add((await served.CalendarAsync(Site)).Event);
        }

        Assert.Equal(
            [
                ("2026-09-30", "2026-10-01"),
                ("2026-12-31", "2027-01-01"),
                ("2027-01-31", "2027-02-01"),
                ("2027-03-31", "2027-04-01"),
                ("2027-12-31", "2028-01-01"),
                ("2028-06-15", "2028-06-16"),
            ],
            events.Select(one => one.Days)
        );
        Assert.Single(events.Select(one => one.Uid).Distinct());
        Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(pair.First.Sequence < pair.Second.Sequence));
        Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(string.CompareOrdinal(pair.First.Stamp, pair.Second.Stamp) < 0));
        Assert.All(events, one => Assert.Equal((true, "TRANSPARENT", 0, "Acme"), (one.AllDay, one.Transparency, one.Alarms, one.Category)));
        Assert.Equal(["TENTATIVE", "TENTATIVE", "CONFIRMED", "TENTATIVE", "TENTATIVE", "CONFIRMED"], events.Select(one => one.Status));
    }

    [Fact]
    public async Task An_event_says_the_phrase_its_dates_how_it_moved_and_where_to_read_more()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        await served.House.RescheduleAsync("site", "by 2027");
        await served.House.StatusAsync("site", Status.Delayed);

        var calendar = await served.CalendarAsync(Site);

        Assert.Equal(("The site opens", "The site opens", "PT6H"), (calendar.Name, calendar.OlderName, calendar.Refresh));
        Assert.Equal("The site opens (“by 2027”)", calendar.Event.Summary);
        Assert.Equal(
            """
            Promised for “by 2027”: until 31 December 2027.
            It can also be read as: until 31 December 2026.
            How the date moved:
            • “Q3 2026”: 1 July to 30 September 2026
            • “by 2027”: until 31 December 2027, 457 days later
            Status: delayed, 28 May 2026.
            What settles it: Acme says that it is open.
            https://watch.example.org/m/site
            """,
            calendar.Event.Description.Replace('\u00a0', ' ')
        );
        Assert.Equal("https://watch.example.org/m/site", calendar.Event.Url);
    }

    [Fact]
    public async Task An_event_spans_the_window_where_asked_and_where_both_ends_are_known()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");

        Assert.Equal(("2026-07-01", "2026-10-01"), (await served.CalendarAsync($"{Site}?span=window")).Event.Days);

        await served.House.RescheduleAsync("site", "by end of 2026");
        Assert.Equal(("2026-12-31", "2027-01-01"), (await served.CalendarAsync($"{Site}?span=window")).Event.Days);
    }

    [Theory]
    [InlineData("TBD", "Promised for “TBD”: no date given.")]
    [InlineData("from September 2027", "Promised for “from September 2027”: from 1 September 2027 on.")]
    public async Task An_event_whose_last_day_is_gone_is_kept_as_cancelled_where_it_was(string phrase, string said)
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        await served.House.RescheduleAsync("site", "Q4 2026");
        var before = (await served.CalendarAsync(Site)).Event;
        await served.House.RescheduleAsync("site", phrase);

        var after = (await served.CalendarAsync(Site)).Event;

        Assert.Equal(("CANCELLED", "No date now: The site opens"), (after.Status, after.Summary));
        Assert.Equal((before.Uid, before.Days), (after.Uid, after.Days));
        Assert.True(before.Sequence < after.Sequence);
        Assert.StartsWith(said, after.Description.Replace('\u00a0', ' '), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_date_that_was_taken_back_is_cancelled_and_the_sequence_never_falls()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.CountedAsync();
        Assert.Empty((await served.CalendarAsync("/m/power.ics")).Events);
        var dated = await served.House.RecordAsync(new RecordRequest("power", new Rescheduled(Is.Due("Q4 2026")), "ana"));
        var before = (await served.CalendarAsync("/m/power.ics")).Event;
        await served.House.Mw.Recorder.RetractAsync(dated, "misread", "ana", CancellationToken.None);

        var after = (await served.CalendarAsync("/m/power.ics")).Event;

        Assert.Equal((before.Uid, before.Days, "CANCELLED"), (after.Uid, after.Days, after.Status));
        Assert.True(before.Sequence < after.Sequence);
        Assert.StartsWith("No date is promised for it now.", after.Description, StringComparison.Ordinal);

        await served.House.RecordAsync(new RecordRequest("power", new Rescheduled(Is.Due("Q1 2027")), "ana"));
        var again = (await served.CalendarAsync("/m/power.ics")).Event;
        Assert.Equal((before.Uid, "TENTATIVE"), (again.Uid, again.Status));
        Assert.True(after.Sequence < again.Sequence);
    }

    [Fact]
    public async Task A_date_that_was_our_error_is_not_among_those_that_it_moved_from()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        await served.House.RescheduleAsync("site", "Q4 2026");
        var wrong = (await served.House.MilestoneAsync("site")).State.Position;
        await served.House.Mw.Recorder.RetractAsync(wrong, "misread", "ana", CancellationToken.None);

        var one = (await served.CalendarAsync(Site)).Event;

        Assert.Equal(("2026-09-30", "2026-10-01"), one.Days);
        Assert.DoesNotContain("Q4 2026", one.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Status.Cancelled, "CANCELLED", "⊘ cancelled: The site opens")]
    [InlineData(Status.Achieved, "CONFIRMED", "✓ achieved: The site opens")]
    [InlineData(Status.Missed, "CONFIRMED", "✕ missed: The site opens")]
    public async Task What_is_settled_says_so(Status status, string inCalendar, string summary)
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        await served.House.RecordAsync(
            new RecordRequest("site", new StatusChanged(status), "ana")
            {
                Source = new SourceNamed("Acme"),
                Standing = Standing.Confirmed,
                Changes = [new EvidenceAdded(Stance.Supports, null, null, null, false), new StatusChanged(status)],
            }
        );

        var one = (await served.CalendarAsync(Site)).Event;

        Assert.Equal((inCalendar, summary), (one.Status, one.Summary));
        Assert.Equal(("2026-09-30", "2026-10-01"), one.Days);
    }

    [Fact]
    public async Task Nothing_dated_is_a_calendar_without_events_and_nothing_there_is_not_found()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.CountedAsync();

        Assert.Empty((await served.CalendarAsync("/m/customers.ics")).Events);
        Assert.Equal(HttpStatusCode.NotFound, (await served.AskAsync("/m/nobody.ics")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await served.AskAsync("/m/nobody.atom")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await served.AskAsync("/m/.ics")).Status);
    }

    public static TheoryData<string> Titles =>
        [
            "Opens, or not; we'll see: \\n is no line \\ nor \\, nor \\;",
            "Line one\nBEGIN:VALARM\nTRIGGER:-PT1H\nEND:VALARM\tand a tab",
            "END:VEVENT\nEND:VCALENDAR\nBEGIN:VCALENDAR",
            string.Concat(Enumerable.Repeat("👩‍👩‍👧🏽‍👦 é漢", 60)),
            string.Concat(Enumerable.Repeat("12345678,", 222)),
            new string('x', 2000),
            "يُفتتح مركز البيانات في الربع الثالث, שלום; ok",
            "\"quoted\" ^n DQUOTE <b>&amp;</b> {phrase} {title} %s",
            " leading and trailing ",
        ];

    [Theory]
    [MemberData(nameof(Titles))]
    public async Task A_hostile_title_comes_back_letter_for_letter_and_is_nothing_but_a_title(string title)
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "2026-09-15");
        var definition = (await served.House.MilestoneAsync("site")).Definition with { Title = title, CountsWhen = title };
        await served.House.RecordAsync(new RecordRequest("site", new Redefined(definition), "ana"));

        var calendar = await served.CalendarAsync(Site);

        Assert.Equal((title, title), (calendar.Name, calendar.Event.Summary));
        Assert.Contains($"What settles it: {title}\nhttps://", calendar.Event.Description, StringComparison.Ordinal);
        Assert.Equal(0, calendar.Event.Alarms);
    }

    [Fact]
    public async Task Redacted_words_are_gone_from_the_event_and_its_dates_and_name_are_kept()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        await served.House.RescheduleAsync("site", "around Q4 2026");
        var before = (await served.CalendarAsync(Site)).Event;
        foreach (var entry in await served.House.HistoryAsync("site"))
        {
            await served.House.Mw.Recorder.RedactAsync(entry.Position, "asked for", "ana", CancellationToken.None);
        }

        var after = (await served.CalendarAsync(Site)).Event;

        Assert.Equal((before.Uid, before.Days), (after.Uid, after.Days));
        Assert.DoesNotContain("opens", after.Summary + after.Description, StringComparison.Ordinal);
        Assert.Contains("92", after.Description, StringComparison.Ordinal);
    }
}
