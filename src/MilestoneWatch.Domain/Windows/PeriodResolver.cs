using System.Globalization;
using NodaTime;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Turns a <see cref="NamedPeriod"/> into days, or refuses what is incomplete or what the calendar has not got.</summary>
internal static class PeriodResolver
{
    internal static bool TryResolve(ref TokenStream s, NamedPeriod period, out ResolvedPeriod resolved)
    {
        resolved = default;
        if (!IsComplete(ref s, ref period))
        {
            return false;
        }

        var read = period.Kind is Precision.Day or Precision.Week
            ? TryResolveDays(ref s, period, out resolved)
            : TryResolveMonths(ref s, period, out resolved);
        if (read && period.Next && period.Year <= s.On.Year)
        {
            // "next spring" before this spring begins: the one after, or the coming one.
            var coming = resolved.Reading;
            read = TryResolve(ref s, period with { Next = false, Year = period.Year + 1 }, out resolved);
            resolved = coming.First > s.On ? resolved with { Alternative = coming } : resolved;
        }

        return read;
    }

    /// <summary>A period without a year is the first that is not over on the day of the promise: "in October", "Q3", "15 May".</summary>
    internal static NamedPeriod WithYear(in TokenStream s, NamedPeriod period)
    {
        if (period.HasYear || period.IsBareDay || period.Kind == Precision.Unknown || !Periods.IsYear(s.On.Year))
        {
            return period;
        }

        // Winter may have begun the year before; the 29th of February may be years away.
        var last = Math.Min(s.On.Year + 8, Periods.LastYear - 1);
        for (var year = Math.Max(s.On.Year - 1, Periods.FirstYear); year <= last; year++)
        {
            var named = period with { Year = year, BothYears = true };
            if (LastDay(named) is { } end && end >= s.On)
            {
                return named;
            }
        }

        return period;
    }

    internal static string LikelyYear(LocalDate on) =>
        Math.Clamp(on.Year, Periods.FirstYear + 1, Periods.LastYear - 1).ToString(CultureInfo.InvariantCulture);

    private static LocalDate? LastDay(NamedPeriod period) =>
        period.Kind switch
        {
            Precision.Day => Periods.HasDay(period.Year, period.Number, period.Day)
                ? new LocalDate(period.Year, period.Number, period.Day)
                : null,
            Precision.Week => period.Number >= 1 && period.Number <= Periods.WeeksIn(period.Year)
                ? Periods.Week(period.Year, period.Number).Last
                : null,
            _ => Days(FirstMonth(period, 1, period.Year), period).Last,
        };

    private static bool IsComplete(ref TokenStream s, ref NamedPeriod period)
    {
        var (start, end) = (period.Start, period.End);
        if (period.IsBareDay)
        {
            var said = s.Phrase[start..end];
            return s.Refuse(start, end, $"\"{said}\" alone is no date", said.Length == 2 ? $"20{said}" : "");
        }

        if (period.Kind == Precision.Unknown)
        {
            var said = s.Phrase[start..end];
            return s.Refuse(start, end, $"\"{said}\" of what is not said", period.IsBarePart ? $"{said} {LikelyYear(s.On)}" : "");
        }

        period = WithYear(s, period);
        if (!period.HasYear && Periods.IsYear(s.On.Year) && period.Kind is Precision.Day or Precision.Week)
        {
            // No year has such a day; the fault is in the figures.
            period = period with
            {
                Year = s.On.Year,
            };
        }

        if (!period.HasYear)
        {
            var said = s.Phrase[start..end];
            return s.Refuse(start, end, $"\"{said}\" has no year", $"{said} {LikelyYear(s.On)}");
        }

        return Periods.IsYear(period.Year) || RefuseYear(ref s, period);
    }

    private static bool RefuseYear(ref TokenStream s, NamedPeriod period) =>
        s.Refuse(period.Start, period.End, $"{period.Year} is not a year from {Periods.FirstYear} to {Periods.LastYear}", LikelyYear(s.On));

    private static bool TryResolveMonths(ref TokenStream s, NamedPeriod period, out ResolvedPeriod resolved)
    {
        var starts = period.YearKind is YearKind.Fiscal or YearKind.FiscalOfTwoYears ? s.FiscalYearStarts : 1;
        // A fiscal year is named by the year in which it ends.
        var first = FirstMonth(period, starts ?? 1, starts is null or 1 ? period.Year : period.Year - 1);
        int? other = period switch
        {
            { YearKind: YearKind.Fiscal } when starts is null => first,
            { YearKind: YearKind.FiscalOfTwoYears } when starts is null => first - 12,
            { YearKind: YearKind.TheDecade } => first,
            { Kind: Precision.Season, Number: Periods.Winter, BothYears: false } => first - 12,
            _ => null,
        };
        first += period.YearKind == YearKind.TheDecade ? 12 : 0;
        resolved = default;
        if (first + Length(period) > Periods.MonthIndex(Periods.LastYear + 1, 12))
        {
            return RefuseYear(ref s, period);
        }

        var precision =
            period.Part != Part.Whole ? Precision.Third
            : Length(period) > 12 || period.HalfOfMonth + period.WeekOfMonth > 0 ? Precision.Range
            : period.Kind;
        resolved = new ResolvedPeriod(Days(first, period), other is { } index ? Days(index, period) : null, precision);
        return true;
    }

    private static int FirstMonth(NamedPeriod period, int yearStarts, int year)
    {
        var offset = period.Kind switch
        {
            Precision.Month or Precision.Season => period.Number - 1,
            Precision.Quarter or Precision.Half => (period.Number - 1) * Length(period),
            _ => 0,
        };
        return Periods.MonthIndex(year, yearStarts) + offset;
    }

    private static Stretch Days(int firstMonth, NamedPeriod period) =>
        Periods.Within(Periods.Of(firstMonth, Length(period), period.Part), period.HalfOfMonth, period.WeekOfMonth);

    private static int Length(NamedPeriod period) =>
        Periods.LengthInMonths(period.Kind) * (period.YearKind is YearKind.Decade or YearKind.TheDecade ? 10 : 1);

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

            var days = Periods.PartOfWeek(Periods.Week(period.Year, period.Number), period.Part);
            resolved = new ResolvedPeriod(days, null, period.Part == Part.Whole ? Precision.Week : Precision.Third);
            return true;
        }

        if (period.Part != Part.Whole)
        {
            return s.Refuse(period.Start, period.WholeStart, "a day has no early, middle or late part", "");
        }

        if (!Periods.HasDay(period.Year, period.Number, period.Day))
        {
            var month = CalendarSystem.Iso.GetDaysInMonth(period.Year, period.Number);
            return s.Refuse(period.Figures, $"{MonthNames.Of(period.Number)} {period.Year} has {month} days", Clamp(period.Day, month));
        }

        var day = new LocalDate(period.Year, period.Number, period.Day);
        if (period.Weekday.Term == Term.Weekday && period.Weekday.Value != (int)day.DayOfWeek)
        {
            return s.Refuse(period.Weekday, $"{WindowPhrase.Print(new Window(day, day, Precision.Day))} is a {day.DayOfWeek}", "");
        }

        resolved = new ResolvedPeriod(new Stretch(day, day), null, Precision.Day);
        return true;
    }

    private static string Clamp(int number, int most) => Math.Clamp(number, 1, most).ToString(CultureInfo.InvariantCulture);
}
