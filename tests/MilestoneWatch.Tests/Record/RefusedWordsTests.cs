using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Tests.Record;

/// <summary>Whichever door it came through, what must not be on record is refused by the recorder, with nothing changed.</summary>
public sealed class RefusedWordsTests(PostgresCluster cluster)
{
    [Theory]
    [InlineData("a\0b", "control character at place 1")]
    [InlineData("a<high>b", "half a character at place 1")]
    [InlineData("a<low>", "half a character at place 1")]
    [InlineData("a\u202eb", "writing direction")]
    [InlineData("a\u2066b", "writing direction")]
    [InlineData(" ", "1 to 4,000 characters; this has 0")]
    [InlineData(null, "1 to 4,000 characters; this has 4001")]
    public async Task Words_that_break_things_are_refused_wherever_they_stand(string? words, string says)
    {
        await using var house = await House.OpenAsync(cluster);
        await house.CountedAsync();
        // an attribute holds no half of a character
        var bad =
            words?.Replace("<high>", "\ud800", StringComparison.Ordinal).Replace("<low>", "\udc00", StringComparison.Ordinal)
            ?? new string('x', 4001);
        var promise = Is.Due("Q3 2026") with { Phrase = bad };
        var fine = new RecordRequest("customers", new Looked(), "ana");
        var title = (await house.MilestoneAsync("customers")).Definition;
        RecordRequest[] requests =
        [
            fine with
            {
                Note = bad,
            },
            fine with
            {
                Quote = bad,
            },
            fine with
            {
                Actor = bad,
            },
            fine with
            {
                Source = new SourceNamed(bad),
            },
            fine with
            {
                Source = new SourceNamed("Wire", Title: bad),
            },
            fine with
            {
                Source = new SourceNamed("Wire", Url: bad),
            },
            fine with
            {
                Changes = [new StatusChanged(Status.Achieved, bad)],
            },
            fine with
            {
                Changes = [new Reopened(bad)],
            },
            fine with
            {
                Changes = [new Rescheduled(promise)],
            },
            fine with
            {
                Changes = [new ReadingAdded(promise, null, false)],
            },
            fine with
            {
                Changes = [new ReadingAdded(Is.Due("Q3 2026"), bad, false)],
            },
            fine with
            {
                Changes = [new EvidenceAdded(Stance.Supports, bad, null, "renewal", false)],
            },
            fine with
            {
                Changes = [new EvidenceAdded(Stance.Supports, "SNCF", null, bad, false)],
            },
            fine with
            {
                Changes = [new Redefined(title with { Title = bad })],
            },
            fine with
            {
                Changes = [new Redefined(title with { CountsWhen = bad })],
            },
            fine with
            {
                Changes = [new Redefined(title with { Baseline = [bad] })],
            },
        ];
        var head = await house.ScalarAsync<long>("select max(position) from entries");

        foreach (var request in requests)
        {
            Assert.Contains(
                says,
                await RefusedAsync(house.Mw.Recorder.RecordAsync(request, CancellationToken.None)),
                StringComparison.Ordinal
            );
        }
        Assert.Contains(
            says,
            await RefusedAsync(house.Mw.Recorder.RetractAsync(1, bad, "ana", CancellationToken.None)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            says,
            await RefusedAsync(house.Mw.Recorder.RedactAsync(1, bad, "ana", CancellationToken.None)),
            StringComparison.Ordinal
        );
        var added = new NewMilestone("new", MilestoneKind.Event, DateTimeZone.Utc, "acme", new Definition { Title = bad }, null);
        Assert.Contains(
            says,
            await RefusedAsync(house.Mw.Recorder.AddAsync(added, fine with { Changes = [] }, CancellationToken.None)),
            StringComparison.Ordinal
        );
        Assert.Equal(head, await house.ScalarAsync<long>("select max(position) from entries"));
    }

    [Theory]
    [InlineData(1582)]
    [InlineData(9999)]
    public async Task Days_out_of_the_calendar_are_refused(int year)
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        var day = new LocalDate(year, 6, 1);

        Assert.Contains(
            "years 1583 to 9998",
            await RefusedAsync(Record(house, new RecordRequest("site", new Rescheduled(Is.Due("2028")), "ana") { HappenedOn = day })),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "years 1583 to 9998",
            await RefusedAsync(Record(house, new RecordRequest("site", new Forecasted([new ForecastPoint(day, 0.5m)]), "ana"))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_happened_is_recorded_once_its_day_has_come_in_the_milestones_zone()
    {
        await using var house = await House.OpenAsync(cluster, "2026-05-28T08:00:00Z");
        await house.PromiseAsync("site", "Q3 2026");
        // in Paris it is the 30th for an hour and a half already
        house.Clock.Reset(Is.At("2026-05-29T23:30:00Z"));
        var request = new RecordRequest("site", new Looked(), "ana") { HappenedOn = new LocalDate(2026, 5, 31) };
        Change[] happened = [new Looked(), new StatusChanged(Status.Achieved, "seen"), new StatusChanged(Status.Missed, "seen")];

        foreach (var change in happened)
        {
            Assert.Contains(
                "site: 2026-05-31 has not come yet in Europe/Paris",
                await RefusedAsync(Record(house, request with { Changes = [change] })),
                StringComparison.Ordinal
            );
        }
        await house.RecordAsync(request with { HappenedOn = new LocalDate(2026, 5, 30) });
        await house.RecordAsync(request with { Changes = [new StatusChanged(Status.Delayed)] });
    }

    private static Task<RecordOutcome> Record(House house, RecordRequest request) =>
        house.Mw.Recorder.RecordAsync(request, CancellationToken.None);

    private static async Task<string> RefusedAsync(Task<RecordOutcome> outcome) =>
        Assert.IsType<RecordOutcome.Refused>(await outcome).Reason;
}
