using System.Globalization;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads the year that follows a period's name: "2026", "of 2026", "'26", "of next year", "FY27".</summary>
internal static class YearReader
{
    /// <summary>Year 0 when none is said, and then nothing is taken. False only on a fault.</summary>
    internal static bool TryReadOptional(ref TokenStream s, bool afterDay, bool fiscalToo, out int year, out bool fiscal)
    {
        year = 0;
        fiscal = false;
        var from = s.Index;
        var dashed = s.SkipDashes();
        s.Skip(Term.Of);
        s.Skip(Term.In);
        if (fiscalToo && s.Is(Term.Fiscal))
        {
            fiscal = true;
            return TryReadFiscal(ref s, out year);
        }

        if (s.Is(Term.This) || s.Is(Term.Next) || s.Is(Term.The))
        {
            var word = s.Take().Term;
            if (s.IsUnit(Precision.Year) && !(word == Term.The && s.Peek().Term == Term.Number))
            {
                s.Take();
                year = s.On.Year + (word == Term.Next ? 1 : 0);
                return true;
            }
        }

        if (s.IsUnit(Precision.Year))
        {
            s.Take();
        }

        // "15 September–10 October": the figures after a dash are the next day; "Sept 15-20" ends a range.
        if (s.Current is { Term: Term.Number, Length: > 2 } or { Term: Term.ShortYear } || (IsTwoFigureYear(s) && !(dashed && afterDay)))
        {
            return TryRead(ref s, out year);
        }

        s.Index = from;
        return true;
    }

    /// <summary>The current token as a year; two figures are 20xx.</summary>
    internal static bool TryRead(ref TokenStream s, out int year)
    {
        var token = s.Take();
        year = token.IsTwoFigures ? 2000 + token.Value : token.Value;
        if (token.Term == Term.ShortYear || token.IsTwoFigures || (token.IsFourFigures && Periods.IsYear(year)))
        {
            return true;
        }

        var instead =
            token.Length == 8
                ? $"{s.Phrase.AsSpan(token.Start, 4)}-{s.Phrase.AsSpan(token.Start + 4, 2)}-{s.Phrase.AsSpan(token.Start + 6, 2)}"
            : !token.IsFourFigures ? PeriodResolver.LikelyYear(s.On)
            : Math.Clamp(year, Periods.FirstYear + 1, Periods.LastYear - 1).ToString(CultureInfo.InvariantCulture);
        return s.Refuse(token, $"\"{s.Text(token)}\" is not a year from {Periods.FirstYear} to {Periods.LastYear}", instead);
    }

    /// <summary>"FY2027", "fiscal 2027", "fiscal year 2027", "FY27".</summary>
    internal static bool TryReadFiscal(ref TokenStream s, out int year)
    {
        var word = s.Take();
        s.SkipDashes();
        if (s.IsUnit(Precision.Year))
        {
            s.Take();
        }

        s.SkipDashes();
        if (s.Is(Term.ShortYear) || (s.Is(Term.Number) && s.Current.Length > 1))
        {
            return TryRead(ref s, out year) && IsOneYear(ref s, word, year);
        }

        year = 0;
        return s.Refuse(word, "which fiscal year is not said", $"FY{PeriodResolver.LikelyYear(s.On)}");
    }

    // "FY2026-27" is one year to some and two to others.
    private static bool IsOneYear(ref TokenStream s, Token word, int year)
    {
        var next = s.Peek();
        var isNextYear =
            s.Current.Term is Term.Dash or Term.Slash
            && next.Term == Term.Number
            && next.Value == (next.IsTwoFigures ? (year + 1) % 100 : year + 1);
        return !isNextYear
            || s.Refuse(
                word.Start,
                next.End,
                "a fiscal year is understood by the year in which it ends",
                string.Create(CultureInfo.InvariantCulture, $"FY{year + 1}")
            );
    }

    /// <summary>Whether two figures stand alone, so that they cannot be the day of a month or a count.</summary>
    internal static bool IsTwoFigureYear(in TokenStream s) => s.Current.IsTwoFigures && !CountsSomething(s);

    /// <summary>Whether the current number belongs to what follows it: "15 October", "15th", "3Q", "20, 2026".</summary>
    internal static bool CountsSomething(in TokenStream s) =>
        s.Peek().Term is Term.Month or Term.Suffix or Term.Q or Term.H or Term.Number or Term.ShortYear
        || (s.Peek().Term == Term.Of && s.Peek(2).Term == Term.Month);
}
