using NodaTime;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads windows counted from a day: "within 18 months", "in the next 12-18 months", "within 6 weeks of 2026-05-28", "later this year".</summary>
internal static class SpanReader
{
    /// <summary>The current token is "within", or "next" before a count.</summary>
    internal static bool TryReadWithin(ref TokenStream s, out Window window)
    {
        window = default!;
        var within = s.Take();
        s.SkipFillers();
        if (s.Current.Term is not (Term.Number or Term.Count or Term.Next) || (s.Current.IsFourFigures && s.Peek().Term != Term.Unit))
        {
            // "within the third quarter", "within 2026"
            return RangeReader.TryRead(ref s, mustJoin: false, openEnded: false, out window);
        }

        s.Skip(Term.Next);
        s.SkipFillers();
        var amount = s.Current;
        if (amount.Term is not (Term.Number or Term.Count))
        {
            return s.Refuse(within, $"\"{s.Text(within)}\" is understood with a count: within 18 months", "in");
        }

        s.Take();
        if ((s.SkipDashes() | s.Skip(Term.To) | s.Skip(Term.Or)) && s.Current.Term is Term.Number or Term.Count)
        {
            // "12-18 months" is within the longer of the two.
            amount = s.Take();
            s.SkipDashes();
        }

        var unit = s.Take();
        if (unit.Term != Term.Unit)
        {
            return s.Refuse(amount, $"\"{s.Text(amount)}\" of what is not said", s.Text(amount) + " months");
        }

        var from = s.On;
        var start = s.Index;
        if (s.Skip(Term.Of) || s.Skip(Term.From) || s.Skip(Term.After))
        {
            if (!PeriodReader.TryRead(ref s, out var period) || !PeriodResolver.TryResolve(ref s, period, out var day))
            {
                return false;
            }

            if (!day.Reading.IsOneDay)
            {
                return s.Refuse(period.Start, period.End, "a span is counted from a day", Iso(day.Reading.First));
            }

            from = day.Reading.First;
        }

        if (amount.Length > 9 || !Fits(from, amount.Value, (Precision)unit.Value))
        {
            return s.Refuse(amount, $"that is beyond the year {Periods.LastYear}", "1");
        }

        window = new Window(from, Plus(from, amount.Value, (Precision)unit.Value), Precision.Span);
        return true;
    }

    /// <summary>What is left of a period after the day of the promise: the current token is "later", as in "later this year".</summary>
    internal static bool TryReadLater(ref TokenStream s, out Window window)
    {
        window = default!;
        var later = s.Take();
        var isThis = s.Is(Term.This);
        if (!PeriodReader.TryRead(ref s, out var period) || !PeriodResolver.TryResolve(ref s, period, out var rest))
        {
            return false;
        }

        if (rest.Reading.Last <= s.On)
        {
            return s.Refuse(
                later.Start,
                period.End,
                $"nothing is left of it after {Iso(s.On)}",
                isThis ? "next" + s.Phrase[(period.Start + "this".Length)..period.End] : PeriodResolver.LikelyYear(s.On)
            );
        }

        window = new Window(LocalDate.Max(s.On.PlusDays(1), rest.Reading.First), rest.Reading.Last, Precision.Range);
        return true;
    }

    private static int MonthsIn(Precision unit) => Periods.LengthInMonths(unit);

    private static bool Fits(LocalDate from, int amount, Precision unit) =>
        unit switch
        {
            Precision.Day or Precision.Week => (long)amount * (unit == Precision.Week ? 7 : 1)
                <= Period.DaysBetween(from, new LocalDate(Periods.LastYear, 12, 31)),
            _ => Periods.MonthIndex(from.Year, from.Month) + ((long)amount * MonthsIn(unit)) <= Periods.MonthIndex(Periods.LastYear, 12),
        };

    private static LocalDate Plus(LocalDate from, int amount, Precision unit) =>
        unit switch
        {
            Precision.Day => from.PlusDays(amount),
            Precision.Week => from.PlusWeeks(amount),
            _ => from.PlusMonths(amount * MonthsIn(unit)),
        };

    private static string Iso(LocalDate date) => NodaTime.Text.LocalDatePattern.Iso.Format(date);
}
