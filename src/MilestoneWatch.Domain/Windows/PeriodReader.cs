namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads one period as named: a part ("late", "end of") and what it is a part of.</summary>
internal static class PeriodReader
{
    internal static bool TryRead(ref TokenStream s, out NamedPeriod period)
    {
        s.SkipFillers();
        var start = s.Current.Start;
        var part = Part.Whole;
        if (TrySkipEnd(ref s, Term.Decade))
        {
            part = Part.End;
            period = Named(Precision.Year, 0, 0).Of(YearReader.DecadeOf(s, false));
        }
        else if (s.Skip(Term.YearEnd) || (s.IsUnit(Precision.Year) && TrySkipEnd(ref s, Term.Unit)))
        {
            part = Part.End;
            if (!YearReader.TryReadOptional(ref s, false, false, out var year))
            {
                period = default;
                return false;
            }

            period = Named(Precision.Year, 0, s.On.Year);
            period = year.Value == 0 ? period : period.Of(year);
        }
        else if (!TryReadPart(ref s, out part, out var ofThe))
        {
            period = default;
            return false;
        }
        else if (part != Part.Whole && s.Current.Term is Term.To or Term.And or Term.Or or Term.Dash or Term.End)
        {
            period = default(NamedPeriod) with { Kind = Precision.Unknown, WholeStart = s.Current.Start };
        }
        else
        {
            var wholeStart = s.Current.Start;
            if (!TryReadWhole(ref s, part != Part.Whole, ofThe, out period))
            {
                return false;
            }

            period = period with { WholeStart = wholeStart };
        }

        period = period with { Part = part, Start = start, End = s.PreviousEnd };
        return true;
    }

    /// <summary>Whether a period may begin here; decides if a dash or "to" joins two of them.</summary>
    internal static bool MayBegin(in TokenStream s) =>
        s.Current.Term
            is Term.Number
                or Term.ShortYear
                or Term.Month
                or Term.Season
                or Term.Ordinal
                or Term.Unit
                or Term.Part
                or Term.PartWithOf
                or Term.Q
                or Term.H
                or Term.W
                or Term.Fiscal
                or Term.Calendar
                or Term.Weekday
                or Term.Christmas
                or Term.YearEnd
                or Term.This
                or Term.Next
                or Term.The
                or Term.Unrecognised;

    // "year-end", "year's end", "decade's end"
    private static bool TrySkipEnd(ref TokenStream s, Term whole)
    {
        var from = s.Index;
        if (s.Skip(whole))
        {
            s.SkipDashes();
            if (s.Is(Term.Part) && s.Take().Value == (int)Part.End)
            {
                return true;
            }
        }

        s.Index = from;
        return false;
    }

    private static bool TryReadPart(ref TokenStream s, out Part part, out bool ofThe)
    {
        part = Part.Whole;
        ofThe = false;
        if (!s.Is(Term.Part) && !s.Is(Term.PartWithOf))
        {
            return true;
        }

        var word = s.Take();
        part = (Part)word.Value;
        s.SkipDashes();
        if (word.Term == Term.Part && part != Part.End)
        {
            s.Skip(Term.Piece);
            _ = s.Skip(Term.In) || s.Skip(Term.Filler);
        }

        ofThe = s.Skip(Term.Of);
        if (!ofThe && word.Term == Term.PartWithOf)
        {
            return s.Refuse(word, $"\"{s.Text(word)}\" is understood with \"of\"", $"{s.Text(word)} of");
        }

        s.SkipDashes();
        ofThe |= s.Peek().Term != Term.End && s.Skip(Term.The);
        return true;
    }

    /// <param name="inPart">What is read is the whole of which a part was named.</param>
    /// <param name="ofThe">"of" or "the" came before, so "year" alone means this year.</param>
    private static bool TryReadWhole(ref TokenStream s, bool inPart, bool ofThe, out NamedPeriod period)
    {
        period = default;
        switch (s.Current.Term)
        {
            case Term.ShortYear:
            case Term.Number when s.Current.Length > 2:
            case Term.Number when inPart && YearReader.IsTwoFigureYear(s):
                return YearReader.TryRead(ref s, out var year) && NumberedPeriods.TryReadAfterYear(ref s, year, out period);
            case Term.Fiscal:
                return YearReader.TryReadFiscal(ref s, out year) && NumberedPeriods.TryReadAfterYear(ref s, year, out period);
            case Term.Calendar:
                return TryReadCalendar(ref s, out period);
            case Term.Number:
                return DayReader.TryReadFromNumber(ref s, out period);
            case Term.Month:
                return DayReader.TryReadFromMonth(ref s, out period) && IsNoYear(ref s, period);
            case Term.Season:
                return TryReadSeason(ref s, out period);
            case Term.Q or Term.H or Term.W or Term.Ordinal:
                return NumberedPeriods.TryRead(ref s, out period);
            case Term.Weekday:
                return RelativeReader.TryReadWeekday(ref s, out period);
            case Term.Christmas:
                s.Take();
                period = Named(Precision.Day, 12, 0) with { Day = 25 };
                return TryAddYear(ref s, ref period);
            case Term.This or Term.Next:
                return RelativeReader.TryRead(ref s, s.Take().Term == Term.Next, inPart, out period);
            case Term.New when s.Peek().Value == (int)Precision.Year && s.Peek().Term == Term.Unit:
                s.Take();
                return RelativeReader.TryRead(ref s, true, inPart, out period);
            case Term.Unit when s.Peek().Term is Term.Number or Term.ShortYear or Term.Of:
            case Term.Unit when s.IsUnit(Precision.Week) && s.Peek().Term is Term.Filler or Term.PartWithOf:
                return NumberedPeriods.TryRead(ref s, out period);
            case Term.Unit when inPart && ofThe || s.IsUnit(Precision.Year) && inPart:
            case Term.Decade:
                return RelativeReader.TryRead(ref s, false, inPart, out period);
            default:
                return s.RefuseHere();
        }
    }

    // "Sep-26" is a day to some and a month to others.
    private static bool IsNoYear(ref TokenStream s, NamedPeriod period)
    {
        var figures = s.Peek(-1);
        var either =
            period.Kind == Precision.Day && !period.HasYear && s.Is(Term.End) && figures.IsTwoFigures && s.Peek(-2).Term == Term.Dash;
        return !either || s.Refuse(figures, $"\"{s.Text(figures)}\" may be a day or a year", $"20{s.Text(figures)}");
    }

    private static bool TryReadSeason(ref TokenStream s, out NamedPeriod period)
    {
        period = default;
        var month = s.Take().Value;
        if (!YearReader.TryReadOptional(ref s, false, false, out var year))
        {
            return false;
        }

        var bothYears = month == Periods.Winter && year.Value != 0 && YearReader.IsFollowedByNext(s, year.Value);
        s.Index += bothYears ? 2 : 0;
        period = Named(Precision.Season, month, 0).Of(year) with { BothYears = bothYears };
        return true;
    }

    // "calendar 2026", "CY2026", "calendar Q4 2026"
    private static bool TryReadCalendar(ref TokenStream s, out NamedPeriod period)
    {
        s.Take();
        s.SkipDashes();
        if (s.IsUnit(Precision.Year) && s.Peek().Term == Term.Number)
        {
            s.Take();
        }

        period = default;
        return s.Current.Term is Term.Number or Term.ShortYear && (s.Current.Length > 1 && s.Peek().Term is not (Term.Q or Term.H))
            ? YearReader.TryRead(ref s, out var year) && NumberedPeriods.TryReadAfterYear(ref s, year, out period)
            : TryReadWhole(ref s, false, false, out period);
    }

    private static bool TryAddYear(ref TokenStream s, ref NamedPeriod period)
    {
        var found = YearReader.TryReadOptional(ref s, true, false, out var year);
        period = period.Of(year);
        return found;
    }

    internal static NamedPeriod Named(Precision kind, int number, int year) =>
        default(NamedPeriod) with
        {
            Kind = kind,
            Number = number,
            Year = year,
        };
}
