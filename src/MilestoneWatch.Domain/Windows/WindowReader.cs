using NodaTime;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads a whole phrase: what it says of a period (by, before, after, from, …) and the words around it.</summary>
internal static class WindowReader
{
    internal static bool TryRead(ref TokenStream s, out Window window)
    {
        s.SkipFillers();
        return TryReadCore(ref s, out window) && TryReadTail(ref s, ref window) && IsWithinYears(ref s, window);
    }

    private static bool TryReadCore(ref TokenStream s, out Window window)
    {
        window = Nothing;
        switch (s.Current.Term)
        {
            case Term.Unknown:
            case Term.Announced when s.Follows(Term.To, Term.Be):
                s.Take();
                return true;
            case Term.By:
                s.Take();
                return DeadlineReader.TryReadBy(ref s, ambiguous: true, out window);
            case Term.Until or Term.NoLaterThan:
                s.Take();
                return DeadlineReader.TryReadBy(ref s, ambiguous: false, out window);
            case Term.Before:
                s.Take();
                return DeadlineReader.TryReadBefore(ref s, out window);
            case Term.After:
                s.Take();
                return DeadlineReader.TryReadAfter(ref s, out window);
            case Term.NoEarlierThan:
                s.Take();
                return DeadlineReader.TryReadFrom(ref s, out window);
            case Term.From:
                s.Take();
                return RangeReader.TryRead(ref s, mustJoin: false, openEnded: true, out window);
            case Term.No:
                return TryReadComparison(ref s, s.Take(), out window);
            case Term.Not:
                var not = s.Take();
                s.SkipFillers();
                return s.Skip(Term.Before) || s.Skip(Term.Until)
                    ? DeadlineReader.TryReadFrom(ref s, out window)
                    : TryReadComparison(ref s, not, out window);
            case Term.Or when s.Peek().Term == Term.Before:
                s.Index += 2;
                return DeadlineReader.TryReadBy(ref s, ambiguous: false, out window);
            case Term.Or when s.Peek().Term == Term.After:
                s.Index += 2;
                return DeadlineReader.TryReadFrom(ref s, out window);
            case Term.Between:
                s.Take();
                return RangeReader.TryRead(ref s, mustJoin: true, openEnded: false, out window);
            case Term.Within:
                return SpanReader.TryReadWithin(ref s, out window);
            case Term.Later when s.Peek().Term == Term.This:
                return SpanReader.TryReadLaterThis(ref s, out window);
            default:
                return RangeReader.TryRead(ref s, mustJoin: false, openEnded: false, out window);
        }
    }

    private static Window Nothing => new(null, null, Precision.Unknown);

    private static bool TryReadComparison(ref TokenStream s, Token negation, out Window window)
    {
        window = Nothing;
        var later = s.Is(Term.Later);
        if ((later || s.Is(Term.Earlier)) && s.Peek().Term == Term.Than)
        {
            s.Index += 2;
            return later ? DeadlineReader.TryReadBy(ref s, ambiguous: false, out window) : DeadlineReader.TryReadFrom(ref s, out window);
        }

        return s.Refuse(negation, $"\"{s.Text(negation)}\" is understood before \"later than\" or \"earlier than\"", "");
    }

    /// <summary>"fully operational", "(approx.)", and "(or …)", which says the other reading.</summary>
    private static bool TryReadTail(ref TokenStream s, ref Window window)
    {
        while (true)
        {
            var end = s.PreviousEnd;
            s.SkipFillers();
            if (s.Is(Term.End))
            {
                window = window with { Approximate = s.Approximate };
                return true;
            }

            var open = s.Current;
            if (!s.Skip(Term.Open))
            {
                return s.RefuseRest(open, end, $"\"{s.Text(open)}\" follows a date that is complete without it");
            }

            s.SkipFillers();
            if (s.Skip(Term.Or))
            {
                var approximate = s.Approximate;
                if (!TryReadCore(ref s, out var other))
                {
                    return false;
                }

                s.Approximate = approximate;
                window = window with { Alternative = new Bounds(other.Earliest, other.Latest) };
            }

            if (!s.Skip(Term.Close))
            {
                return s.Refuse(open.Start, s.Phrase.Length, "these brackets are not understood", "");
            }
        }
    }

    private static bool IsWithinYears(ref TokenStream s, Window window)
    {
        var alternative = window.Alternative ?? default;
        return IsWithin(window.Earliest) && IsWithin(window.Latest) && IsWithin(alternative.Earliest) && IsWithin(alternative.Latest)
            || s.Refuse(
                0,
                s.Phrase.Length,
                $"this goes beyond the years {Periods.FirstYear} to {Periods.LastYear}",
                PeriodResolver.LikelyYear(s.On)
            );
    }

    private static bool IsWithin(LocalDate? date) => date is not { } day || Periods.IsYear(day.Year);
}
