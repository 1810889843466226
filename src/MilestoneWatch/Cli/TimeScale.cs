using System.Globalization;
using NodaTime;

namespace MilestoneWatch.Cli;

/// <summary>Which column a day lies in. Whole quarters, or whole years where there are many; linear.</summary>
internal sealed class TimeScale
{
    private const int YearLabel = 6;
    private const int QuarterLabel = 5;
    private static readonly LocalDate Beginning = new(1582, 1, 1);
    private static readonly int[] Steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];
    private readonly long _days;

    private TimeScale(LocalDate start, LocalDate end, int width)
    {
        (Start, End, Width) = (start, end, width);
        _days = Period.DaysBetween(start, end);
    }

    public LocalDate Start { get; }

    /// <summary>The first day no longer shown.</summary>
    public LocalDate End { get; }
    public int Width { get; }

    /// <summary>All promises, and today and what else happened where that is near enough to leave the promises their room.</summary>
    public static TimeScale Covering(WindowPicture picture, int width)
    {
        var promises = picture.Earlier.Append(picture.Promise).ToList();
        var bounds = promises
            .SelectMany(promise =>
                new[]
                {
                    promise.Window.Earliest,
                    promise.Window.Latest,
                    promise.Window.Alternative?.Earliest,
                    promise.Window.Alternative?.Latest,
                }
            )
            .OfType<LocalDate>()
            .DefaultIfEmpty(picture.Today)
            .ToList();
        var (first, last) = (bounds.Min(), bounds.Max());
        // a bar with an open end needs room in which to fade
        var room = Math.Max(120, Period.DaysBetween(first, last) / 3);
        first = promises.Exists(promise => promise.Window is { Earliest: null, Latest: not null }) ? Plus(first, -room) : first;
        last = promises.Exists(promise => promise.Window.Latest is null) ? Plus(last, room) : last;
        var near = Math.Max(2200, 2 * Period.DaysBetween(first, last));
        var (from, to) = (Plus(first, -near), Plus(last, near));
        var beside = new[] { picture.Today, picture.Settled?.On, picture.Promise.Since }
            .OfType<LocalDate>()
            .Concat(picture.Earlier.Select(promise => promise.Since).OfType<LocalDate>())
            .Concat(picture.Forecast.Select(point => point.By))
            .Concat(picture.Looks)
            .Concat(picture.Evidence)
            .Where(day => from <= day && day <= to)
            .ToList();
        first = beside.Append(first).Min();
        last = beside.Append(last).Max();
        var byYear = Period.DaysBetween(first, last) > 366 * 12;
        var start = new LocalDate(first.Year, byYear ? 1 : Quarter(first), 1);
        var end = byYear
            ? Plus(new LocalDate(last.Year, 12, 31), 1)
            : Plus(new LocalDate(last.Year, Quarter(last) + 2, 1).With(DateAdjusters.EndOfMonth), 1);
        return new TimeScale(start, LocalDate.Max(end, Plus(start, 365)), width);
    }

    public bool Shows(LocalDate day) => Start <= day && day < End;

    /// <summary>The column that a day begins in; the nearest edge for one that is not shown.</summary>
    public int Column(LocalDate day) => (int)Math.Clamp(Period.DaysBetween(Start, day) * (long)Width / _days, 0, Width - 1);

    /// <summary>The column that a day ends in.</summary>
    public int EndColumn(LocalDate day) => (int)Math.Clamp((((Period.DaysBetween(Start, day) + 1L) * Width) - 1) / _days, 0, Width - 1);

    /// <summary>The ruler's ticks: where, and the words there; a year's stand a line above a quarter's.</summary>
    public IEnumerable<(int Column, string Label, bool IsYear)> Ticks()
    {
        var perYear = Width * 365.25 / _days;
        var quarters = perYear / 4 >= QuarterLabel;
        var step = Array.Find(Steps, years => years * perYear >= YearLabel);
        for (var year = Start.Year; year <= Math.Min(End.Year, 9998); year++)
        {
            for (var quarter = 1; quarter <= (quarters ? 4 : 1); quarter++)
            {
                var day = new LocalDate(year, (quarter * 3) - 2, 1);
                if (!Shows(day))
                {
                    continue;
                }
                if ((quarter == 1 && year % step == 0) || (quarters && day == Start))
                {
                    yield return (Column(day), year.ToString(CultureInfo.InvariantCulture), true);
                }
                if (quarters)
                {
                    yield return (Column(day), string.Create(CultureInfo.InvariantCulture, $"Q{quarter}"), false);
                }
            }
        }
    }

    private static int Quarter(LocalDate day) => ((day.Month - 1) / 3 * 3) + 1;

    /// <summary>Some days on, and never out of the calendar.</summary>
    private static LocalDate Plus(LocalDate day, int days)
    {
        var at = Period.DaysBetween(Beginning, day) + (long)days;
        var most = Period.DaysBetween(Beginning, new LocalDate(9999, 12, 31));
        return Beginning.PlusDays((int)Math.Clamp(at, 0, most));
    }
}
