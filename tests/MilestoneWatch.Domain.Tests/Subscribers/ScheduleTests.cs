using MilestoneWatch.Domain.Subscribers;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Domain.Tests.Subscribers;

public sealed class ScheduleTests
{
    private static readonly LocalTime[] Times = [LocalTime.Midnight, new(1, 30), new(2, 30), new(8, 0), new(23, 59, 59)];

    private static readonly Schedule[] Kinds =
    [
        new(Cadence.Daily, default, 1, DateTimeZone.Utc),
        new(Cadence.Weekly, default, 7, DateTimeZone.Utc),
        new(Cadence.Monthly, default, 31, DateTimeZone.Utc),
        new(Cadence.Monthly, default, 28, DateTimeZone.Utc),
    ];

    [Fact]
    public void The_next_due_instant_is_strictly_later_and_near_in_every_zone_around_every_transition()
    {
        var wrong = new List<string>();
        foreach (var zone in AllZones)
        {
            foreach (var after in Around(zone))
            {
                foreach (var kind in Kinds)
                {
                    foreach (var at in Times)
                    {
                        var schedule = kind with { At = at, Zone = zone };
                        var next = schedule.NextAfter(after)!.Value;
                        var most = kind.Cadence switch
                        {
                            Cadence.Daily => 2,
                            Cadence.Weekly => 8,
                            _ => 32,
                        };
                        if (next <= after || next - after > Duration.FromDays(most))
                        {
                            wrong.Add($"{zone.Id} {kind.Cadence} {at} after {after}: {next}");
                        }
                    }
                }
            }
        }
        Assert.Empty(wrong.Take(20));
    }

    [Fact]
    public void Stepping_through_fifteen_years_skips_no_day_and_repeats_none_in_every_zone()
    {
        var from = Instant.FromUtc(2020, 1, 1, 0, 0);
        var to = Instant.FromUtc(2035, 1, 1, 0, 0);
        var wrong = new List<string>();
        foreach (var zone in AllZones)
        {
            var schedule = new Schedule(Cadence.Daily, new LocalTime(2, 30), 1, zone);
            var days = Period.DaysBetween(from.InZone(zone).Date, to.InZone(zone).Date);
            var steps = 0;
            for (var at = schedule.NextAfter(from)!.Value; at <= to && steps <= days + 2; steps++)
            {
                at = schedule.NextAfter(at)!.Value;
            }
            if (Math.Abs(steps - days) > 1)
            {
                wrong.Add($"{zone.Id}: {steps} digests in {days} days");
            }
        }
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")] // 02:30 does not exist: 03:00 summer time
    [InlineData("2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")] // 02:30 comes twice: the first
    [InlineData("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")] // and only the first
    public void A_local_time_in_a_gap_is_the_first_instant_after_it_and_in_an_overlap_the_earlier(string after, string due)
    {
        var schedule = new Schedule(Cadence.Daily, new LocalTime(2, 30), 1, DateTimeZoneProviders.Tzdb["Europe/Paris"]);

        Assert.Equal(At(due), schedule.NextAfter(At(after)));
    }

    [Theory]
    [InlineData(Cadence.Weekly, 1, "2026-06-01T06:00:00Z", "2026-06-08T06:00:00Z")]
    [InlineData(Cadence.Weekly, 1, "2026-06-01T05:59:59Z", "2026-06-01T06:00:00Z")]
    [InlineData(Cadence.Monthly, 31, "2026-06-01T06:00:00Z", "2026-06-30T06:00:00Z")]
    [InlineData(Cadence.Monthly, 31, "2027-02-01T06:00:00Z", "2027-02-28T07:00:00Z")]
    [InlineData(Cadence.Monthly, 1, "2026-06-01T06:00:00Z", "2026-07-01T06:00:00Z")]
    [InlineData(Cadence.Daily, 1, "2026-06-01T06:00:00Z", "2026-06-02T06:00:00Z")]
    public void It_is_due_at_the_readers_own_hour(Cadence cadence, int day, string after, string due)
    {
        var schedule = new Schedule(cadence, new LocalTime(8, 0), day, DateTimeZoneProviders.Tzdb["Europe/Paris"]);

        Assert.Equal(At(due), schedule.NextAfter(At(after)));
    }

    [Fact]
    public void Changes_alone_make_an_immediate_reader_due() =>
        Assert.Null(new Schedule(Cadence.Immediate, default, 1, DateTimeZone.Utc).NextAfter(default));

    private static IEnumerable<DateTimeZone> AllZones => DateTimeZoneProviders.Tzdb.Ids.Select(id => DateTimeZoneProviders.Tzdb[id]);

    private static IEnumerable<Instant> Around(DateTimeZone zone)
    {
        var from = Instant.FromUtc(2020, 1, 1, 0, 0);
        var to = Instant.FromUtc(2035, 1, 1, 0, 0);
        yield return from;
        foreach (var interval in zone.GetZoneIntervals(from, to).Skip(1))
        {
            foreach (var minutes in (int[])[-1440, -90, -1, 0, 1, 45, 90, 1440])
            {
                yield return interval.Start + Duration.FromMinutes(minutes);
            }
        }
    }

    private static Instant At(string text) => InstantPattern.ExtendedIso.Parse(text).Value;
}
