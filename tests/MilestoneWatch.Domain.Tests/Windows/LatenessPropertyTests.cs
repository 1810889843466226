using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Windows;

/// <summary>
/// In every zone of the tz database, for the days around each transition of 1900 to 2200 and others between them: at the instant from which a
/// window counts as passed the zone's date is after its latest day, one tick before it is not, and it never falls back to that day. So nothing is
/// late before the midnight after the latest day, nor while a clock there still shows that day, nor a tick later than it must be.
/// </summary>
public sealed class LatenessPropertyTests
{
    private static readonly Interval Span = new(Instant.FromUtc(1900, 1, 1, 0, 0), Instant.FromUtc(2200, 12, 31, 0, 0));

    [Fact]
    public void A_window_is_never_late_before_its_latest_day_is_over_for_good_in_any_zone()
    {
        var days = 0;
        foreach (var id in DateTimeZoneProviders.Tzdb.Ids)
        {
            var zone = DateTimeZoneProviders.Tzdb[id];
            foreach (var day in Days(zone))
            {
                IsPassedExactlyAfter(day, zone);
                days++;
            }
        }

        Assert.True(days > 500_000, $"only {days} days were looked at");
    }

    private static IEnumerable<LocalDate> Days(DateTimeZone zone)
    {
        foreach (var interval in zone.GetZoneIntervals(Span))
        {
            // each interval's first days, its last, and one in between
            var first = interval.HasStart && interval.Start > Span.Start ? interval.IsoLocalStart.Date : new LocalDate(1900, 1, 1);
            var last = interval.HasEnd && interval.End < Span.End ? interval.IsoLocalEnd.Date : new LocalDate(2200, 12, 31);
            yield return first.PlusDays(-2);
            yield return first.PlusDays(-1);
            yield return first;
            yield return first.PlusDays(Period.DaysBetween(first, last) / 2);
            yield return last;
        }
    }

    private static void IsPassedExactlyAfter(LocalDate day, DateTimeZone zone)
    {
        var passed = new Window(null, day, Precision.Day).PassedAt(zone)!.Value;
        var after = Date(passed, zone);
        var before = Date(passed - Duration.Epsilon, zone);
        var interval = zone.GetZoneInterval(passed);
        var next = interval.HasEnd ? Date(interval.End, zone) : LocalDate.MaxIsoValue;

        if (!(after > day && before <= day && next > day))
        {
            Assert.Fail($"{zone.Id}, {day}: passed at {passed} on {after}, a tick before on {before}, at the next transition on {next}");
        }
    }

    private static LocalDate Date(Instant instant, DateTimeZone zone) => instant.InZone(zone).Date;
}
