using NodaTime;

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
}
