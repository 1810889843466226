using System.Diagnostics;
using NodaTime;
using NodaTime.TimeZones;

namespace MilestoneWatch.Domain.Subscribers;

/// <summary>When, in the reader's own zone, digests are due.</summary>
/// <param name="Cadence">How often.</param>
/// <param name="At">The local time of day.</param>
/// <param name="Day">Weekly: ISO day of week, 1 (Monday) to 7. Monthly: day 1 to 28, or 31 for the last. Otherwise unused.</param>
/// <param name="Zone">The reader's zone.</param>
public sealed record Schedule(Cadence Cadence, LocalTime At, int Day, DateTimeZone Zone)
{
    private static readonly ZoneLocalMappingResolver Resolver = Resolvers.CreateMappingResolver(
        Resolvers.ReturnEarlier,
        Resolvers.ReturnStartOfIntervalAfter
    );

    /// <summary>
    /// The next due instant strictly later than <paramref name="after"/>; null for immediate readers, whom changes make due.
    /// A local time in a gap becomes the first instant after it, one in an overlap the earlier of the two.
    /// </summary>
    public Instant? NextAfter(Instant after)
    {
        if (Cadence == Cadence.Immediate)
        {
            return null;
        }
        // a day early: a zone that skips a day or moves the date line must not skip a digest
        for (var day = after.InZone(Zone).Date.PlusDays(-1); ; day = day.PlusDays(1))
        {
            if (IsDue(day) && Zone.ResolveLocal(day + At, Resolver).ToInstant() is var due && due > after)
            {
                return due;
            }
        }
    }

    private bool IsDue(LocalDate day) =>
        Cadence switch
        {
            Cadence.Daily => true,
            Cadence.Weekly => (int)day.DayOfWeek == Day,
            Cadence.Monthly => day.Day == Day || (Day == 31 && day.PlusDays(1).Month != day.Month),
            _ => throw new UnreachableException(),
        };
}
