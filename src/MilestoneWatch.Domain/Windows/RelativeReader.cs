using NodaTime.Calendars;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads what depends on the day of the promise: "this quarter", "next year", "the new year", "this decade", "Friday", "next spring".</summary>
internal static class RelativeReader
{
    /// <summary>The current token is the unit, season or month after "this", "next" or "new".</summary>
    /// <param name="inPart">A part was named, so "next" alone is next year: "early next".</param>
    internal static bool TryRead(ref TokenStream s, bool next, bool inPart, out NamedPeriod period)
    {
        period = default;
        var (year, month) = (s.On.Year, s.On.Month);
        var unit = s.Is(Term.Unit) ? (Precision)s.Current.Value : Precision.Unknown;
        switch (unit)
        {
            case Precision.Week:
                var week = s.On.PlusWeeks(next && Periods.IsYear(year) ? 1 : 0);
                period = PeriodReader.Named(unit, WeekYearRules.Iso.GetWeekOfWeekYear(week), WeekYearRules.Iso.GetWeekYear(week));
                break;
            case Precision.Month or Precision.Quarter or Precision.Half or Precision.Year:
                var length = Periods.LengthInMonths(unit);
                var index = Periods.MonthIndex(year, month) + (next ? length : 0);
                period = PeriodReader.Named(unit, (index % 12 / length) + 1, index / 12);
                break;
            case Precision.Unknown when s.Is(Term.Decade):
                period = PeriodReader.Named(Precision.Year, 0, 0).Of(YearReader.DecadeOf(s, next));
                break;
            case Precision.Unknown when s.Current.Term is Term.Season or Term.Month:
                period = PeriodReader.Named(s.Is(Term.Season) ? Precision.Season : Precision.Month, s.Current.Value, 0) with
                {
                    Next = next,
                };
                break;
            case Precision.Unknown when s.Is(Term.Weekday) && !next:
                return TryReadWeekday(ref s, out period);
            case Precision.Unknown when next && inPart && s.Is(Term.End):
                period = PeriodReader.Named(Precision.Year, 0, year + 1);
                return true;
            default:
                return s.Refuse(s.Peek(-1), "this month, quarter, half or year is understood", s.Is(Term.Number) ? "within" : "");
        }

        s.Take();
        return true;
    }

    /// <summary>"Friday" is the first one from the day of the promise on; with a date ("Friday, 15 January") it is checked.</summary>
    internal static bool TryReadWeekday(ref TokenStream s, out NamedPeriod period)
    {
        var weekday = s.Take();
        if (s.Is(Term.Month) || s.Is(Term.The) || s.Is(Term.Number))
        {
            s.Skip(Term.The);
            period = default;
            var read =
                s.Is(Term.Month) ? DayReader.TryReadFromMonth(ref s, out period)
                : s.Current.IsShortNumber ? DayReader.TryReadFromNumber(ref s, out period)
                : YearReader.TryRead(ref s, out var year) && NumberedPeriods.TryReadAfterYear(ref s, year, out period);
            period = period with { Weekday = weekday };
            return read;
        }

        var days = (weekday.Value - (int)s.On.DayOfWeek + 7) % 7;
        var day = Periods.IsYear(s.On.Year) ? s.On.PlusDays(days) : s.On;
        period = PeriodReader.Named(Precision.Day, day.Month, day.Year) with { Day = day.Day };
        return true;
    }
}
