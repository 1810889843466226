using NodaTime.Calendars;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads one period as named: a part ("late", "end of") and what it is a part of.</summary>
internal static class PeriodReader
{
    internal static bool TryRead(ref TokenStream s, out NamedPeriod period)
    {
        s.SkipFillers();
        var start = s.Current.Start;
        var part = Part.Whole;
        if (s.IsUnit(Precision.Year) && IsYearEnd(s))
        {
            s.Take();
            s.SkipDashes();
            s.Take();
            part = Part.End;
            if (!YearReader.TryReadOptional(ref s, false, false, out var year, out _))
            {
                period = default;
                return false;
            }

            period = Named(Precision.Year, 0, year == 0 ? s.On.Year : year);
        }
        else if (!TryReadPart(ref s, out part, out var ofThe))
        {
            period = default;
            return false;
        }
        else if (part != Part.Whole && s.Current.Term is Term.To or Term.And or Term.Dash or Term.End)
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
                or Term.This
                or Term.Next
                or Term.The
                or Term.Unrecognised;

    private static bool IsYearEnd(TokenStream s)
    {
        s.Take();
        s.SkipDashes();
        return s.Is(Term.Part) && s.Current.Value == (int)Part.End;
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
            s.Skip(Term.In);
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
                return YearReader.TryRead(ref s, out var year) && NumberedPeriods.TryReadAfterYear(ref s, year, false, out period);
            case Term.Fiscal:
                return YearReader.TryReadFiscal(ref s, out var fiscalYear)
                    && NumberedPeriods.TryReadAfterYear(ref s, fiscalYear, true, out period);
            case Term.Number:
                return DayReader.TryReadFromNumber(ref s, out period);
            case Term.Month:
                return DayReader.TryReadFromMonth(ref s, out period);
            case Term.Season:
                return TryReadSeason(ref s, out period);
            case Term.Q or Term.H or Term.W or Term.Ordinal:
                return NumberedPeriods.TryRead(ref s, out period);
            case Term.This or Term.Next:
                return TryReadRelative(ref s, s.Take().Term == Term.Next, out period);
            case Term.Unit when s.Peek().Term is Term.Number or Term.ShortYear or Term.Of:
                return NumberedPeriods.TryRead(ref s, out period);
            case Term.Unit when inPart && ofThe || s.IsUnit(Precision.Year) && inPart:
                return TryReadRelative(ref s, false, out period);
            default:
                return s.RefuseHere();
        }
    }

    private static bool TryReadSeason(ref TokenStream s, out NamedPeriod period)
    {
        period = default;
        var month = s.Take().Value;
        if (!YearReader.TryReadOptional(ref s, false, false, out var year, out _))
        {
            return false;
        }

        var from = s.Index;
        var bothYears =
            month == Periods.Winter
            && year != 0
            && (s.SkipDashes() || s.Skip(Term.Slash))
            && s.Current is { Term: Term.Number } next
            && next.Value == (next.IsTwoFigures ? (year + 1) % 100 : year + 1);
        s.Index = bothYears ? s.Index + 1 : from;
        period = Named(Precision.Season, month, year) with { BothYears = bothYears };
        return true;
    }

    private static bool TryReadRelative(ref TokenStream s, bool next, out NamedPeriod period)
    {
        period = default;
        var (year, month) = (s.On.Year, s.On.Month);
        var unit = s.Is(Term.Unit) ? (Precision)s.Current.Value : Precision.Unknown;
        switch (unit)
        {
            case Precision.Week:
                var week = s.On.PlusWeeks(next && Periods.IsYear(year) ? 1 : 0);
                period = Named(unit, WeekYearRules.Iso.GetWeekOfWeekYear(week), WeekYearRules.Iso.GetWeekYear(week));
                break;
            case Precision.Month or Precision.Quarter or Precision.Half or Precision.Year:
                var length = Periods.LengthInMonths(unit);
                var index = Periods.MonthIndex(year, month) + (next ? length : 0);
                period = Named(unit, (index % 12 / length) + 1, index / 12);
                break;
            default:
                return RefuseRelative(ref s);
        }

        s.Take();
        return true;
    }

    private static bool RefuseRelative(ref TokenStream s)
    {
        var token = s.Current;
        return token.Term is Term.Season or Term.Month
            ? s.Refuse(
                s.Peek(-1).Start,
                token.End,
                $"the year of \"{s.Text(token)}\" is not said",
                $"{s.Text(token)} {PeriodResolver.LikelyYear(s.On, Named((token.Term == Term.Month) ? Precision.Month : Precision.Season, token.Value, 0))}"
            )
            : s.Refuse(s.Peek(-1), "this month, quarter, half or year is understood", token.Term == Term.Number ? "within" : "");
    }

    internal static NamedPeriod Named(Precision kind, int number, int year) =>
        default(NamedPeriod) with
        {
            Kind = kind,
            Number = number,
            Year = year,
        };
}
