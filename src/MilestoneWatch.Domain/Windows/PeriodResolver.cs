using System.Globalization;
using NodaTime;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Turns a complete <see cref="NamedPeriod"/> into days, or refuses what the calendar has not got.</summary>
internal static class PeriodResolver
{
    internal static bool TryResolve(ref TokenStream s, NamedPeriod period, out ResolvedPeriod resolved)
    {
        resolved = default;
        if (!IsComplete(ref s, period))
        {
            return false;
        }

        if (period.Kind is Precision.Day or Precision.Week)
        {
            return period.Part == Part.Whole
                ? TryResolveDays(ref s, period, out resolved)
                : s.Refuse(period.Start, period.WholeStart, "a day or a week has no early, middle or late part", "");
        }

        var length = Periods.LengthInMonths(period.Kind);
        var yearStarts = period.Fiscal ? s.FiscalYearStarts ?? 1 : 1;
        // A fiscal year is named by the year in which it ends.
        var namedByEnd = Periods.MonthIndex(yearStarts == 1 ? period.Year : period.Year - 1, yearStarts);
        var offset = period.Kind switch
        {
            Precision.Month or Precision.Season => period.Number - 1,
            Precision.Quarter or Precision.Half => (period.Number - 1) * length,
            _ => 0,
        };
        Stretch? alternative = null;
        if (period.Fiscal && s.FiscalYearStarts is null)
        {
            var namedByStart = Periods.MonthIndex(period.Year, yearStarts);
            alternative = Periods.Of(namedByStart + offset, length, period.Part);
        }
        else if (period is { Kind: Precision.Season, Number: Periods.Winter, BothYears: false })
        {
            alternative = Periods.Of(namedByEnd + offset - 12, length, period.Part);
        }

        resolved = new ResolvedPeriod(
            Periods.Of(namedByEnd + offset, length, period.Part),
            alternative,
            period.Part == Part.Whole ? period.Kind : Precision.Third
        );
        return true;
    }

    private static bool IsComplete(ref TokenStream s, NamedPeriod period)
    {
        var said = s.Phrase[period.Start..period.End];
        if (period.IsBareDay)
        {
            return s.Refuse(period.Start, period.End, $"\"{said}\" alone is no date", TwoFigureYear(said));
        }

        if (period.IsBarePart)
        {
            return s.Refuse(period.Start, period.End, $"\"{said}\" of what is not said", $"{said} {LikelyYear(s.On)}");
        }

        if (!period.HasYear)
        {
            return s.Refuse(period.Start, period.End, $"\"{said}\" has no year", $"{said} {LikelyYear(s.On, period)}");
        }

        return Periods.IsYear(period.Year)
            || s.Refuse(
                period.Start,
                period.End,
                $"{period.Year} is not a year from {Periods.FirstYear} to {Periods.LastYear}",
                LikelyYear(s.On)
            );
    }

    private static bool TryResolveDays(ref TokenStream s, NamedPeriod period, out ResolvedPeriod resolved)
    {
        resolved = default;
        if (period.Kind == Precision.Week)
        {
            var weeks = Periods.WeeksIn(period.Year);
            if (period.Number < 1 || period.Number > weeks)
            {
                return s.Refuse(period.Figures, $"{period.Year} has {weeks} weeks", Clamp(period.Number, weeks));
            }

            resolved = new ResolvedPeriod(Periods.Week(period.Year, period.Number), null, Precision.Week);
            return true;
        }

        var days = CalendarSystem.Iso.GetDaysInMonth(period.Year, period.Number);
        if (period.Day < 1 || period.Day > days)
        {
            var month = MonthNames.Of(period.Number);
            return s.Refuse(period.Figures, $"{month} {period.Year} has {days} days", Clamp(period.Day, days));
        }

        var day = new LocalDate(period.Year, period.Number, period.Day);
        resolved = new ResolvedPeriod(new Stretch(day, day), null, Precision.Day);
        return true;
    }

    private static string Clamp(int number, int most) => Math.Clamp(number, 1, most).ToString(CultureInfo.InvariantCulture);

    private static string TwoFigureYear(string said) => said.Length == 2 ? $"20{said}" : "";

    internal static string LikelyYear(LocalDate on, NamedPeriod? period = null)
    {
        var year = Math.Clamp(on.Year, Periods.FirstYear + 1, Periods.LastYear - 1);
        var lastMonth = period switch
        {
            { Kind: Precision.Day or Precision.Month or Precision.Season } p => p.Number,
            { Kind: Precision.Quarter } p => p.Number * 3,
            { Kind: Precision.Half } p => p.Number * 6,
            _ => 12,
        };
        var isPast = lastMonth < on.Month || (lastMonth == on.Month && period is { Kind: Precision.Day } d && d.Day < on.Day);
        return (isPast ? Math.Min(year + 1, Periods.LastYear - 1) : year).ToString(CultureInfo.InvariantCulture);
    }
}
