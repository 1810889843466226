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
    /// <summary>After so many days without a mail, a short one says that nothing changed.</summary>
    public const int SilentDays = 28;

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

    /// <summary>The due instant nearest to one that another tz database gave; that one itself for immediate readers.</summary>
    /// <remarks>Zones move by hours and digests are a day apart or more: the nearest is the same digest's.</remarks>
    public Instant Nearest(Instant old)
    {
        var nearest = NextAfter(old - Duration.FromHours(36)) ?? old;
        // as long as the next one's way back is no longer than this one's way on
        while (NextAfter(nearest) is { } next && next - old <= old - nearest)
        {
            nearest = next;
        }
        return nearest;
    }

    /// <summary>When an immediate reader is due though nothing changed: at their hour, <see cref="SilentDays"/> after their last mail.</summary>
    public Instant SignOfLifeAfter(Instant lastMail) =>
        (this with { Cadence = Cadence.Daily }).NextAfter(lastMail + Duration.FromDays(SilentDays) - Duration.Epsilon)!.Value;

    private bool IsDue(LocalDate day) =>
        Cadence switch
        {
            Cadence.Daily => true,
            Cadence.Weekly => (int)day.DayOfWeek == Day,
            Cadence.Monthly => day.Day == Day || (Day == 31 && day.PlusDays(1).Month != day.Month),
            _ => throw new UnreachableException(),
        };
}
