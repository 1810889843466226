using NodaTime;
using NodaTime.TimeZones;

namespace MilestoneWatch.Domain.Windows;

/// <summary>When a promise is due, as fuzzy as it was made. Bounds are inclusive local dates in the milestone's zone; null is open.</summary>
public sealed record Window(
    LocalDate? Earliest,
    LocalDate? Latest,
    Precision Precision,
    bool Approximate = false,
    Bounds? Alternative = null
)
{
    public bool Ambiguous => Alternative is not null;

    /// <summary>The move of the latest day, in days (positive is later); null if either latest is open.</summary>
    public static int? SlipInDays(Window from, Window to) =>
        from.Latest is { } was && to.Latest is { } now ? Period.DaysBetween(was, now) : null;

    /// <summary>The first instant after the latest day in <paramref name="zone"/>, from which the window counts as passed; null if it is open.</summary>
    /// <remarks>
    /// Where midnight, or the whole next day, is skipped by the zone, the first instant after the gap; where clocks fall back over midnight, the
    /// second midnight, since the day returns after the first.
    /// </remarks>
    public Instant? PassedAt(DateTimeZone zone) => Latest is { } latest ? StartOf(latest.PlusDays(1), zone) : null;

    /// <summary>The instant from which it is that day, or a later one, in a zone for good.</summary>
    public static Instant StartOf(LocalDate day, DateTimeZone zone) => zone.ResolveLocal(day.AtMidnight(), AtOrAfter).ToInstant();

    // LocalDate's AtStartOfDayInZone throws for a day that the zone skips entirely (Apia, 30 December 2011).
    private static readonly ZoneLocalMappingResolver AtOrAfter = Resolvers.CreateMappingResolver(
        (first, second) => second.GetZoneInterval().IsoLocalStart.Date < second.Date ? second : first,
        Resolvers.ReturnStartOfIntervalAfter
    );
}
