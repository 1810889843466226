using System.Globalization;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads days and months: "15 September 2026", "Sept 15, 2026", "September 2026", "2026-09-15".</summary>
internal static class DayReader
{
    /// <summary>The current token has one or two figures.</summary>
    internal static bool TryReadFromNumber(ref TokenStream s, out NamedPeriod period)
    {
        if (IsQuarterOrHalf(s))
        {
            return NumberedPeriods.TryReadFromNumber(ref s, out period);
        }

        if (IsInFigures(s))
        {
            return RefuseFigures(ref s, out period);
        }

        if (IsMonthInFigures(s))
        {
            period = PeriodReader.Named(Precision.Month, s.Take().Value, 0);
            s.Take();
            return TryAddYear(ref s, false, ref period);
        }

        var day = s.Take();
        s.Skip(Term.Suffix);
        period = PeriodReader.Named(Precision.Day, 0, 0) with { Day = day.Value, Figures = day };
        if (s.Is(Term.Unit))
        {
            return RefuseCount(ref s, day);
        }

        var from = s.Index;
        s.SkipDashes();
        s.Skip(Term.Of);
        if (s.Is(Term.Month))
        {
            period = period with { Number = s.Take().Value };
            return TryAddYear(ref s, false, ref period);
        }

        s.Index = from;
        if (s.Current.IsFourFigures)
        {
            return TryAddYear(ref s, true, ref period);
        }

        return true;
    }

    /// <summary>The current token is a month's name.</summary>
    internal static bool TryReadFromMonth(ref TokenStream s, out NamedPeriod period)
    {
        period = PeriodReader.Named(Precision.Month, s.Take().Value, 0);
        if (s.IsUnit(Precision.Quarter) && period.Number % 3 == 0)
        {
            // "the December quarter" ends with that month.
            s.Take();
            period = period with { Kind = Precision.Quarter, Number = period.Number / 3 };
            return TryAddYear(ref s, false, ref period);
        }

        var from = s.Index;
        s.SkipDashes();
        s.Skip(Term.The);
        if (s.Current.IsShortNumber && s.Current.Value <= 31 && !NamesNext(s))
        {
            var day = s.Take();
            s.Skip(Term.Suffix);
            period = period with { Kind = Precision.Day, Day = day.Value, Figures = day };
            return TryAddYear(ref s, true, ref period);
        }

        s.Index = from;
        return TryAddYear(ref s, false, ref period);
    }

    /// <summary>"first half of November", "second week of December": the current token is the month.</summary>
    internal static bool TryReadInMonth(ref TokenStream s, bool half, Token ordinal, out NamedPeriod period)
    {
        period = PeriodReader.Named(Precision.Month, s.Take().Value, 0);
        var number = ordinal.Value;
        if (half && number > 2)
        {
            return s.Refuse(ordinal, "a month has two halves", "second");
        }

        period = half ? period with { HalfOfMonth = number == 0 ? 2 : number } : period with { WeekOfMonth = number == 0 ? 5 : number };
        return TryAddYear(ref s, false, ref period);
    }

    /// <summary>The month's figures after a year, and perhaps the day's.</summary>
    internal static bool TryReadAfterYear(ref TokenStream s, int year, out NamedPeriod period)
    {
        var month = s.Take();
        period = PeriodReader.Named(Precision.Month, month.Value, year);
        if (month.Value is < 1 or > 12)
        {
            var isNextYear = month.Value == (year + 1) % 100;
            return s.Refuse(
                month,
                $"there is no month {s.Text(month)}",
                isNextYear
                    ? (year + 1).ToString(CultureInfo.InvariantCulture)
                    : Math.Clamp(month.Value, 1, 12).ToString("00", CultureInfo.InvariantCulture)
            );
        }

        var from = s.Index;
        if (!s.SkipDashes())
        {
            s.Skip(Term.Slash);
        }

        if (s.Current.IsShortNumber && !YearReader.CountsSomething(s))
        {
            var day = s.Take();
            period = period with { Kind = Precision.Day, Day = day.Value, Figures = day };
            return true;
        }

        s.Index = from;
        return true;
    }

    private static bool TryAddYear(ref TokenStream s, bool afterDay, ref NamedPeriod period)
    {
        var found = YearReader.TryReadOptional(ref s, afterDay, period.Kind == Precision.Quarter, out var year);
        period = period.Of(year);
        return found;
    }

    // "September – 10 October", "September – 3Q": the figures are the next period's.
    private static bool NamesNext(in TokenStream s) =>
        s.Peek().Term is Term.Month or Term.Q or Term.H
        || (s.Peek().Term == Term.Suffix && s.Peek(2).Term is Term.Month or Term.Unit or Term.Of)
        || (s.Peek().Term == Term.Of && s.Peek(2).Term == Term.Month);

    private static bool IsQuarterOrHalf(TokenStream s)
    {
        s.Take();
        var ordinal = s.Skip(Term.Suffix);
        s.SkipDashes();
        return ordinal ? s.IsUnit(Precision.Quarter) || s.IsUnit(Precision.Half) : s.Is(Term.Q) || s.Is(Term.H);
    }

    // 15/09/2026, 15-9-26: which is the month depends on the country.
    private static bool IsInFigures(TokenStream s)
    {
        s.Take();
        if (!IsMark(ref s) || !s.Current.IsShortNumber)
        {
            return false;
        }

        s.Take();
        return IsMark(ref s) && s.Is(Term.Number);
    }

    // "08-2026"
    private static bool IsMonthInFigures(in TokenStream s) =>
        s.Current.Value is >= 1 and <= 12 && s.Peek().Term is Term.Dash or Term.Slash && s.Peek(2).IsFourFigures;

    // "in 18 months" may be within them or after them.
    private static bool RefuseCount(ref TokenStream s, Token count)
    {
        var before = s.Peek(-2);
        var start = before.Term == Term.In ? before.Start : count.Start;
        return s.Refuse(start, count.End, "a count is understood after \"within\"", $"within {s.Text(count)}");
    }

    private static bool IsMark(ref TokenStream s) => s.Skip(Term.Dash) || s.Skip(Term.Slash);

    private static bool RefuseFigures(ref TokenStream s, out NamedPeriod period)
    {
        period = default;
        var first = s.Take();
        s.Take();
        var second = s.Take();
        s.Take();
        var year = s.Current;
        var (day, month) = second.Value > 12 ? (second, first) : (first, second);
        var name = MonthNames.Of(Math.Clamp(month.Value, 1, 12));
        return s.Refuse(first.Start, year.End, "a date in figures is understood as year-month-day", $"{s.Text(day)} {name} {s.Text(year)}");
    }
}
