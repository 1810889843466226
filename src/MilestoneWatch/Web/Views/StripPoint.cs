using NodaTime;

namespace MilestoneWatch.Web.Views;

/// <summary>One point of the strip on which a reader goes back in time.</summary>
/// <param name="Day">The day as of whose end the board is shown; null for now.</param>
/// <param name="Chosen">Whether it is what the page shows.</param>
public sealed record StripPoint(LocalDate? Day, bool Chosen)
{
    /// <summary>More points than this are too many to tell apart.</summary>
    public const int Most = 24;

    /// <summary>From the first day to now, evenly chosen where there are too many; a day asked for is always among them.</summary>
    /// <param name="days">Days before today on which something was recorded, oldest first, each once.</param>
    /// <param name="asked">The day asked for, before today; null for now.</param>
    public static IReadOnlyList<StripPoint> Of(IReadOnlyList<LocalDate> days, LocalDate? asked)
    {
        // one is now, one may be the day asked for
        var room = Most - 2;
        var kept =
            days.Count <= room ? days : [.. Enumerable.Range(0, room).Select(at => days[(int)((long)at * (days.Count - 1) / (room - 1))])];
        var shown = asked is { } day ? kept.Append(day).Distinct().Order() : kept.AsEnumerable();
        return [.. shown.Select(on => new StripPoint(on, on == asked)), new StripPoint(null, asked is null)];
    }
}
