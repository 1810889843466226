using NodaTime;
using NodaTime.Calendars;

namespace MilestoneWatch.Domain.Windows;

/// <summary>The way back from days to words: which period, or third of one, has exactly these days.</summary>
internal static class PeriodNames
{
    /// <param name="precision">Seasons and thirds are recognised only where the promise used such words.</param>
    internal static NamedPeriod? Of(Stretch days, Precision precision)
    {
        var (first, last) = (days.First, days.Last);
        if (first == last)
        {
            return Named(Precision.Day, first, first.Month);
        }

        if (precision == Precision.Third)
        {
            return Third(days);
        }

        if (Period.DaysBetween(first, last) == 6 && first.DayOfWeek == IsoDayOfWeek.Monday)
        {
            var week = WeekYearRules.Iso.GetWeekOfWeekYear(first);
            return default(NamedPeriod) with { Kind = Precision.Week, Number = week, Year = WeekYearRules.Iso.GetWeekYear(first) };
        }

        if (precision == Precision.Season && Whole(days, Precision.Season, first.Month % 3 == 0))
        {
            return Named(Precision.Season, first, first.Month);
        }

        foreach (var kind in (ReadOnlySpan<Precision>)[Precision.Month, Precision.Quarter, Precision.Half, Precision.Year])
        {
            var length = Periods.LengthInMonths(kind);
            if (Whole(days, kind, (first.Month - 1) % length == 0))
            {
                return Named(kind, first, ((first.Month - 1) / length) + 1);
            }
        }

        return null;
    }

    private static NamedPeriod? Third(Stretch days)
    {
        var first = days.First;
        foreach (var kind in (ReadOnlySpan<Precision>)[Precision.Year, Precision.Half, Precision.Month])
        {
            var length = Periods.LengthInMonths(kind);
            var number = (first.Month - 1) / length;
            var start = Periods.MonthIndex(first.Year, (number * length) + 1);
            foreach (var part in (ReadOnlySpan<Part>)[Part.Early, Part.Mid, Part.Late])
            {
                if (Periods.Third(start, length, part) == days)
                {
                    return Named(kind, first, number + 1) with { Part = part };
                }
            }
        }

        // A third of a quarter or of a season is a month.
        return Whole(days, Precision.Month, true) ? Named(Precision.Month, first, first.Month) : null;
    }

    private static bool Whole(Stretch days, Precision kind, bool aligned) =>
        aligned
        && days.First.Day == 1
        && Periods.Months(Periods.MonthIndex(days.First.Year, days.First.Month), Periods.LengthInMonths(kind)) == days;

    private static NamedPeriod Named(Precision kind, LocalDate first, int number) =>
        default(NamedPeriod) with
        {
            Kind = kind,
            Number = number,
            Day = first.Day,
            Year = first.Year,
        };
}
