using System.Globalization;
using NodaTime.Calendars;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads quarters, halves and weeks by number, before or after their year, and dates that begin with the year.</summary>
internal static class NumberedPeriods
{
    /// <summary>"Q3 2026", "third quarter of 2026", "week 38 of 2026", "week of 14 September 2026", "year 2026".</summary>
    internal static bool TryRead(ref TokenStream s, out NamedPeriod period)
    {
        if (s.IsUnit(Precision.Week) && s.Peek().Term is Term.Of or Term.Filler or Term.PartWithOf)
        {
            return TryReadWeekOf(ref s, out period);
        }

        if (s.IsUnit(Precision.Year))
        {
            s.Take();
            period = default;
            return YearReader.TryRead(ref s, out var alone) && TryReadAfterYear(ref s, alone, out period);
        }

        return TryReadNumbered(ref s, out period) && (period.Kind is Precision.Unknown or Precision.Month || TryAddYear(ref s, ref period));
    }

    /// <summary>"3Q26", "1st half of 2026": the number is the current token.</summary>
    internal static bool TryReadFromNumber(ref TokenStream s, out NamedPeriod period)
    {
        var figures = s.Take();
        s.Skip(Term.Suffix);
        s.SkipDashes();
        return TryNumber(ref s, s.Take(), figures, out period) && TryAddYear(ref s, ref period);
    }

    /// <summary>What may follow a year: "2026 Q3", "2026-W38", "2026-09", "2026-09-15", or nothing.</summary>
    internal static bool TryReadAfterYear(ref TokenStream s, NamedYear year, out NamedPeriod period)
    {
        var from = s.Index;
        var calendar = year.Kind == YearKind.Calendar;
        s.SkipDashes();
        if (calendar && s.Is(Term.Slash) && s.Peek().IsShortNumber && s.Peek(2).Term is not (Term.Q or Term.H or Term.Month))
        {
            var slash = s.Take();
            if (YearReader.IsNext(s.Current, year.Value) && s.Current.Value <= 12)
            {
                period = default;
                return s.Refuse(slash, $"\"{s.Text(s.Current)}\" may be a month or a year", "-");
            }
        }

        if (s.Current.IsShortNumber && s.Peek().Term is Term.Q or Term.H)
        {
            var figures = s.Take();
            return TryNumber(ref s, s.Take(), figures, out period) && Complete(ref period);
        }

        if (s.Current.Term is Term.Q or Term.H or Term.W || (s.Is(Term.Unit) && s.Peek().IsShortNumber && !s.IsUnit(Precision.Year)))
        {
            return TryReadNumbered(ref s, out period) && Complete(ref period);
        }

        if (calendar && s.Current.IsShortNumber && !CountsAhead(s))
        {
            return DayReader.TryReadAfterYear(ref s, year.Value, out period);
        }

        // "2026 September", "2026-Sep-15"; but "2026 – September 2027" is a range.
        if (calendar && s.Is(Term.Month))
        {
            if (!DayReader.TryReadFromMonth(ref s, out period))
            {
                return false;
            }

            if (!period.HasYear)
            {
                return Complete(ref period);
            }
        }

        s.Index = from;
        period = PeriodReader.Named(Precision.Year, 0, 0);
        return Complete(ref period);

        bool Complete(ref NamedPeriod named)
        {
            named = named.Of(year);
            return true;
        }
    }

    // After "2026", "09 15" is a month and a day; "15 September" is not.
    private static bool CountsAhead(in TokenStream s) => s.Peek().Term != Term.Number && YearReader.CountsSomething(s);

    private static bool TryReadNumbered(ref TokenStream s, out NamedPeriod period)
    {
        period = default;
        var name = s.Take();
        if (name.Term == Term.Ordinal)
        {
            return TryReadOrdinal(ref s, name, out period);
        }

        s.SkipDashes();

        return s.Is(Term.Number)
            ? TryNumber(ref s, name, s.Take(), out period)
            : s.Refuse(name, $"\"{s.Text(name)}\" is understood with a number", s.Text(name) + "1");
    }

    private static bool TryReadOrdinal(ref TokenStream s, Token ordinal, out NamedPeriod period)
    {
        period = PeriodReader.Named(Precision.Unknown, ordinal.Value, 0);
        if (ordinal.Value > 0 && s.Current.Term is Term.Or or Term.And or Term.To or Term.Dash && s.Peek().Term == Term.Ordinal)
        {
            return true;
        }

        s.SkipDashes();
        s.Skip(Term.Calendar);
        var half = s.IsUnit(Precision.Half);
        if ((half || s.IsUnit(Precision.Week)) && s.Peek().Term is Term.Of or Term.In && s.Peek(2).Term == Term.Month)
        {
            s.Index += 2;
            return DayReader.TryReadInMonth(ref s, half, ordinal, out period);
        }

        return half || s.IsUnit(Precision.Quarter) || s.Is(Term.Piece)
            ? TryNumber(ref s, s.Take(), ordinal, out period)
            : s.Refuse(ordinal, $"\"{s.Text(ordinal)}\" is understood of a quarter or a half", "");
    }

    private static bool TryNumber(ref TokenStream s, Token name, Token figures, out NamedPeriod period)
    {
        var (kind, most, what) = name.Term switch
        {
            Term.Q => (Precision.Quarter, 4, "quarters"),
            Term.H or Term.Piece => (Precision.Half, 2, "halves"),
            Term.W => (Precision.Week, 53, "weeks"),
            _ when name.Value == (int)Precision.Quarter => (Precision.Quarter, 4, "quarters"),
            _ when name.Value == (int)Precision.Half => (Precision.Half, 2, "halves"),
            _ when name.Value == (int)Precision.Week => (Precision.Week, 53, "weeks"),
            _ => (Precision.Unknown, 0, ""),
        };
        var number = figures is { Term: Term.Ordinal, Value: 0 } ? most : figures.Value;
        period = PeriodReader.Named(kind, number, 0) with { Figures = figures };
        if (kind == Precision.Unknown)
        {
            return s.Refuse(name, $"\"{s.Text(name)}\" takes no number here", "");
        }

        if (figures.Length <= 2 && number >= 1 && number <= most || figures.Term == Term.Ordinal && number <= most)
        {
            return true;
        }

        var nearest = Math.Clamp(number, 1, most).ToString(CultureInfo.InvariantCulture);
        var start = Math.Min(name.Start, figures.Start);
        var end = Math.Max(name.End, figures.End);
        return s.Refuse(
            start,
            end,
            $"there is no \"{s.Phrase[start..end]}\": a year has {most} {what}",
            kind switch
            {
                _ when figures.Start < name.Start && name.Term is Term.Q or Term.H => nearest + s.Text(name),
                Precision.Quarter => $"Q{nearest}",
                Precision.Half => $"H{nearest}",
                _ => $"{s.Text(name)} {nearest}",
            }
        );
    }

    private static bool TryAddYear(ref TokenStream s, ref NamedPeriod period)
    {
        var ofPart = period.Kind is Precision.Quarter or Precision.Half;
        var found = YearReader.TryReadOptional(ref s, false, ofPart, out var year);
        period = period.Of(year);
        return found;
    }

    private static bool TryReadWeekOf(ref TokenStream s, out NamedPeriod period)
    {
        var from = s.Current;
        s.Take();
        s.Take();
        if (!PeriodReader.TryRead(ref s, out period) || !PeriodResolver.TryResolve(ref s, period, out var day))
        {
            return false;
        }

        if (day.Precision != Precision.Day)
        {
            return s.Refuse(from.Start, period.Start, "\"week of\" is understood with a day", "");
        }

        var first = day.Reading.First;
        period = PeriodReader.Named(Precision.Week, WeekYearRules.Iso.GetWeekOfWeekYear(first), WeekYearRules.Iso.GetWeekYear(first));
        return true;
    }
}
