using System.Globalization;
using NodaTime;

namespace MilestoneWatch.Web.Timeline;

/// <summary>The years and quarters above the rows, as many as can be read.</summary>
internal static class TimelineAxis
{
    private const int YearLabelWidth = 44;
    private const int QuarterLabelWidth = 26;

    public static IReadOnlyList<Tick> Ticks(TimelineScale scale)
    {
        var quarterPixels = scale.Pixels(100.0 / scale.Quarters);
        var everyYears = (int)Math.Ceiling(YearLabelWidth / (quarterPixels * 4));
        var ticks = new List<Tick>();
        for (var quarter = TimelineScale.QuarterOf(scale.Start); quarter < scale.End; quarter = quarter.PlusMonths(3))
        {
            var first = quarter == scale.Start;
            var newYear = quarter.Month == 1;
            var labelled = (newYear && quarter.Year % everyYears == 0) || (first && everyYears == 1);
            var left = scale.Pixels(scale.X(quarter));
            // the first, partial year is named only where the next one's name leaves it room
            if (labelled && first && !newYear)
            {
                var next = scale.Pixels(scale.X(new LocalDate(quarter.Year + 1, 1, 1)));
                labelled = next - left >= YearLabelWidth;
            }
            if (!newYear && !labelled && quarterPixels < 12)
            {
                continue;
            }
            ticks.Add(
                new Tick(
                    scale.X(quarter),
                    newYear,
                    labelled ? quarter.Year.ToString(CultureInfo.InvariantCulture) : null,
                    quarterPixels >= QuarterLabelWidth ? $"Q{((quarter.Month - 1) / 3) + 1}" : null,
                    (scale.X(quarter) + scale.EndX(quarter.PlusMonths(3).PlusDays(-1))) / 2
                )
            );
        }
        return ticks;
    }
}
