using MilestoneWatch.Web.Views;
using NodaTime;

namespace MilestoneWatch.Web.Timeline;

/// <summary>
/// Where a day lies on the timeline, in percent of its width, left to right. Linear: a quarter is as wide in 2030 as now, and
/// <see cref="MinWidth"/> keeps it readable; what does not fit a screen scrolls.
/// </summary>
public sealed record TimelineScale
{
    private const int QuarterWidth = 42;
    private readonly double days;

    /// <param name="start">First day shown.</param>
    /// <param name="end">First day no longer shown; after <paramref name="start"/>.</param>
    public TimelineScale(LocalDate start, LocalDate end)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(end, start);
        (Start, End) = (start, end);
        days = Period.DaysBetween(start, end);
        Quarters = Math.Max(1, (int)Math.Round(days / 91.31));
        MinWidth = Math.Clamp(Quarters * QuarterWidth, 640, 1600);
    }

    public LocalDate Start { get; }

    public LocalDate End { get; }

    public int Quarters { get; }

    /// <summary>Pixels that the timeline needs; texts are placed so that they do not collide at this width.</summary>
    public int MinWidth { get; }

    /// <summary>The edge at which a day begins.</summary>
    public double X(LocalDate day) => Percent(Period.DaysBetween(Start, day));

    /// <summary>The edge at which a day ends: bounds are inclusive.</summary>
    public double EndX(LocalDate day) => Percent(Period.DaysBetween(Start, day) + 1L);

    /// <summary>Noon: where a dot or today's line stands.</summary>
    public double NoonX(LocalDate day) => Percent(Period.DaysBetween(Start, day) + 0.5);

    public double Pixels(double percent) => percent * MinWidth / 100;

    public double PercentOf(double pixels) => pixels * 100 / MinWidth;

    /// <summary>Whole quarters that cover today and all that the rows show; a century each way at most.</summary>
    public static TimelineScale Covering(IReadOnlyList<MilestoneRow> rows, LocalDate today)
    {
        var (floor, ceiling) = (today.PlusYears(-100), today.PlusYears(100));
        var shown = rows.SelectMany(Days)
            .Append(today)
            .Append(today.PlusDays(60))
            .Select(day => LocalDate.Max(floor, LocalDate.Min(ceiling, day)))
            .ToList();
        var start = QuarterOf(shown.Min());
        var end = QuarterOf(shown.Max()).PlusMonths(3);
        // an open end needs room in which to fade out, and a year is the least that looks like time
        if (rows.Any(row => row.Promise is { Window.Latest: null }))
        {
            end = end.PlusMonths(6);
        }
        return new TimelineScale(start, LocalDate.Max(end, start.PlusMonths(12)));
    }

    public static LocalDate QuarterOf(LocalDate day) => new(day.Year, ((day.Month - 1) / 3 * 3) + 1, 1);

    private static IEnumerable<LocalDate> Days(MilestoneRow row)
    {
        IEnumerable<PromiseView> promises = row.Promise is { } now ? [.. row.Earlier, now] : row.Earlier;
        var bounds = promises.SelectMany(promise =>
            new[]
            {
                promise.Window.Earliest ?? promise.Since,
                promise.Window.Latest,
                promise.Window.Alternative?.Earliest,
                promise.Window.Alternative?.Latest,
            }
        );
        return bounds
            .Append(row.SettledOn)
            .OfType<LocalDate>()
            .Concat(row.Looks)
            .Concat(row.Evidence)
            .Concat(row.Forecast.Select(point => point.By));
    }

    private double Percent(double fromStart) => Math.Clamp(fromStart / days * 100, 0, 100);
}
