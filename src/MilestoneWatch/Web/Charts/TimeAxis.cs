using System.Globalization;
using NodaTime;

namespace MilestoneWatch.Web.Charts;

/// <summary>The days of a chart from left to right, in percent of its width, and the few of them that are named below it.</summary>
public sealed record TimeAxis
{
    private const int MostNamed = 5;
    private static readonly int[] Steps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];
    private readonly double _days;

    private TimeAxis(LocalDate start, LocalDate end)
    {
        (Start, End) = (start, end);
        _days = Math.Max(1, Period.DaysBetween(start, end));
    }

    public LocalDate Start { get; }

    public LocalDate End { get; }

    /// <summary>From the first of some days to the last, with a little room on both sides; a month at least.</summary>
    public static TimeAxis Covering(IEnumerable<LocalDate> days)
    {
        var shown = days.ToList();
        var (first, last) = (shown.Min(), shown.Max());
        var room = Math.Max(Period.DaysBetween(first, last) / 25, 8);
        return new TimeAxis(first.PlusDays(-room), last.PlusDays(room));
    }

    public double X(LocalDate day) => Math.Clamp(Period.DaysBetween(Start, day) / _days * 100, 0, 100);

    /// <summary>Firsts of months, evenly apart, and how each is called.</summary>
    public IReadOnlyList<(LocalDate Day, string Name)> Named()
    {
        var months = (int)Math.Ceiling(_days / 30.4);
        var step = Steps.First(step => months / step < MostNamed || step == Steps[^1]);
        var from = new LocalDate(Start.Year, 1, 1);
        var named = new List<(LocalDate, string)>();
        for (
            var day = step > 12 ? new LocalDate(Start.Year / (step / 12) * (step / 12), 1, 1) : from;
            day <= End;
            day = day.PlusMonths(step)
        )
        {
            // what would hang over an edge goes without a name
            if (X(day) is > 4 and < 93 && day > Start)
            {
                named.Add((day, step < 12 ? day.ToString("MMM uuuu", CultureInfo.InvariantCulture) : $"{day.Year}"));
            }
        }
        return named;
    }
}
