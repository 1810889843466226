using System.Globalization;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads the year that follows a period's name: "2026", "of 2026", "'26", "of next year", "FY27", "of the 2030s".</summary>
internal static class YearReader
{
    /// <summary>No year when none is said, and then nothing is taken. False only on a fault.</summary>
    /// <param name="ofPart">A quarter or half comes before, so a fiscal year or a decade may follow too.</param>
    internal static bool TryReadOptional(ref TokenStream s, bool afterDay, bool ofPart, out NamedYear year)
    {
        year = default;
        var from = s.Index;
        var dashed = s.SkipDashes();
        s.Skip(Term.Of);
        s.Skip(Term.In);
        s.Skip(Term.Calendar);
        if (ofPart && s.Is(Term.Fiscal))
        {
            return TryReadFiscal(ref s, out year);
        }

        if ((s.Is(Term.This) || s.Is(Term.Next) || s.Is(Term.The)) && TryReadRelative(ref s, s.Take().Term, ofPart, out year))
        {
            return true;
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

    /// <summary>The current token as a year, or with an s as a decade; two figures are 20xx.</summary>
    internal static bool TryRead(ref TokenStream s, out NamedYear year)
    {
        var token = s.Take();
        var value = token.IsTwoFigures ? 2000 + token.Value : token.Value;
        year = new NamedYear(value, YearKind.Calendar);
        if (token.Term == Term.ShortYear || token.IsTwoFigures || (token.IsFourFigures && Periods.IsYear(value)))
        {
            return !s.Is(Term.Decades) || TryReadDecade(ref s, token, ref year);
        }

        var instead =
            token.Length == 8
                ? $"{s.Phrase.AsSpan(token.Start, 4)}-{s.Phrase.AsSpan(token.Start + 4, 2)}-{s.Phrase.AsSpan(token.Start + 6, 2)}"
            : !token.IsFourFigures ? PeriodResolver.LikelyYear(s.On)
            : Math.Clamp(value, Periods.FirstYear + 1, Periods.LastYear - 1).ToString(CultureInfo.InvariantCulture);
        return s.Refuse(token, $"\"{s.Text(token)}\" is not a year from {Periods.FirstYear} to {Periods.LastYear}", instead);
    }

    /// <summary>"FY2027", "fiscal 2027", "fiscal year 2027", "FY27", "FY2026-27".</summary>
    internal static bool TryReadFiscal(ref TokenStream s, out NamedYear year)
    {
        var word = s.Take();
        s.SkipDashes();
        if (s.IsUnit(Precision.Year))
        {
            s.Take();
        }

        s.SkipDashes();
        year = default;
        if (!s.Is(Term.ShortYear) && !(s.Is(Term.Number) && s.Current.Length > 1))
        {
            return s.Refuse(word, "which fiscal year is not said", $"FY{PeriodResolver.LikelyYear(s.On)}");
        }

        if (!TryRead(ref s, out year))
        {
            return false;
        }

        var both = IsFollowedByNext(s, year.Value);
        year = both ? new NamedYear(year.Value + 1, YearKind.FiscalOfTwoYears) : year with { Kind = YearKind.Fiscal };
        s.Index += both ? 2 : 0;
        return true;
    }

    /// <summary>Whether two figures stand alone, so that they cannot be the day of a month or a count.</summary>
    internal static bool IsTwoFigureYear(in TokenStream s) => s.Current.IsTwoFigures && !CountsSomething(s);

    /// <summary>Whether the current number belongs to what follows it: "15 October", "15th", "3Q", "20, 2026".</summary>
    internal static bool CountsSomething(in TokenStream s) =>
        s.Peek().Term is Term.Month or Term.Suffix or Term.Q or Term.H or Term.Number or Term.ShortYear
        || (s.Peek().Term == Term.Of && s.Peek(2).Term == Term.Month);

    /// <summary>Whether a dash or slash and the year after <paramref name="year"/> come next: "-27", "/2027".</summary>
    internal static bool IsFollowedByNext(in TokenStream s, int year) =>
        s.Current.Term is Term.Dash or Term.Slash && IsNext(s.Peek(), year);

    internal static bool IsNext(Token figures, int year) =>
        figures.Term == Term.Number && figures.Value == (figures.IsTwoFigures ? (year + 1) % 100 : year + 1);

    // "this year", "the decade", "the new year"; "the year 2027" is not relative.
    private static bool TryReadRelative(ref TokenStream s, Term word, bool ofPart, out NamedYear year)
    {
        year = default;
        s.Skip(Term.Calendar);
        var next = word == Term.Next || (s.Is(Term.New) && s.Skip(Term.New));
        if (s.IsUnit(Precision.Year) && !(word == Term.The && s.Peek().Term == Term.Number))
        {
            year = new NamedYear(s.On.Year + (next ? 1 : 0), YearKind.Calendar);
        }
        else if (ofPart && s.Is(Term.Decade))
        {
            year = DecadeOf(s, next);
        }
        else
        {
            return false;
        }

        s.Take();
        return true;
    }

    internal static NamedYear DecadeOf(in TokenStream s, bool next) => new((s.On.Year / 10 * 10) + (next ? 10 : 0), YearKind.TheDecade);

    private static bool TryReadDecade(ref TokenStream s, Token figures, ref NamedYear year)
    {
        s.Take();
        year = year with { Kind = YearKind.Decade };
        return year.Value % 10 == 0
            || s.Refuse(
                figures.Start,
                s.PreviousEnd,
                "a decade begins with a year that ends in 0",
                string.Create(CultureInfo.InvariantCulture, $"{year.Value / 10 * 10}s")
            );
    }
}
