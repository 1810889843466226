using NodaTime;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads a whole phrase: what it says of a period (by, before, after, from, …) and the words around it.</summary>
internal static class WindowReader
{
    internal static bool TryRead(ref TokenStream s, out Window window)
    {
        s.SkipFillers();
        return TryReadCore(ref s, out window)
            && TailReader.TryReadOr(ref s, ref window)
            && TailReader.TryReadRest(ref s, ref window)
            && IsWithinYears(ref s, window);
    }

    internal static bool TryReadCore(ref TokenStream s, out Window window)
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
            case Term.Until or Term.NoLaterThan or Term.Latest:
                s.Take();
                s.Skip(Term.By);
                return DeadlineReader.TryReadBy(ref s, ambiguous: false, out window);
            case Term.Before:
                s.Take();
                return DeadlineReader.TryReadBefore(ref s, out window);
            case Term.After:
                s.Take();
                return DeadlineReader.TryReadAfter(ref s, out window);
            case Term.NoEarlierThan or Term.Earliest:
                s.Take();
                return DeadlineReader.TryReadFrom(ref s, out window);
            case Term.From:
                s.Take();
                return RangeReader.TryRead(ref s, mustJoin: false, openEnded: true, out window);
            case Term.No or Term.Not:
                return TryReadNegation(ref s, out window);
            case Term.As:
                return TryReadAsEarlyAs(ref s, out window);
            case Term.Delayed:
                return TryReadDelayed(ref s, out window);
            case Term.Or when s.Peek().Term == Term.About:
                s.Take();
                s.SkipFillers();
                return TryReadCore(ref s, out window);
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
            case Term.Next when s.Peek().Term is Term.Number or Term.Count:
                return SpanReader.TryReadWithin(ref s, out window);
            case Term.Later when s.Peek().Term == Term.Than:
                s.Index += 2;
                return DeadlineReader.TryReadAfter(ref s, out window);
            case Term.Later:
                return SpanReader.TryReadLater(ref s, out window);
            default:
                return RangeReader.TryRead(ref s, mustJoin: false, openEnded: false, out window);
        }
    }

    private static Window Nothing => new(null, null, Precision.Unknown);

    /// <summary>"no later than", "not before", "no … until", and "no date".</summary>
    private static bool TryReadNegation(ref TokenStream s, out Window window)
    {
        window = Nothing;
        var negation = s.Take();
        var first = s.Index;
        s.SkipFillers();
        if (s.Skip(Term.Before) || s.Skip(Term.Until))
        {
            return DeadlineReader.TryReadFrom(ref s, out window);
        }

        var later = s.Is(Term.Later);
        if ((later || s.Is(Term.Earlier)) && s.Peek().Term == Term.Than)
        {
            s.Index += 2;
            return later ? DeadlineReader.TryReadBy(ref s, ambiguous: false, out window) : DeadlineReader.TryReadFrom(ref s, out window);
        }

        var date = false;
        for (var i = first; i < s.Index; i++)
        {
            date |= s.Peek(i - s.Index).Term == Term.Date;
        }

        return (date && s.Is(Term.End))
            || s.Refuse(negation, $"\"{s.Text(negation)}\" is understood before \"later than\" or \"earlier than\"", "");
    }

    /// <summary>"as early as", "as soon as"; "as late as".</summary>
    private static bool TryReadAsEarlyAs(ref TokenStream s, out Window window)
    {
        window = Nothing;
        var (how, last) = (s.Peek(), s.Peek(2));
        if (last.Term != Term.As || how.Term is not (Term.Part or Term.Vague))
        {
            return s.Refuse(s.Current, $"\"{s.Text(s.Current)}\" is understood in \"as early as\"", "");
        }

        s.Index += 3;
        return how.Value == (int)Part.Late
            ? DeadlineReader.TryReadBy(ref s, ambiguous: false, out window)
            : DeadlineReader.TryReadFrom(ref s, out window);
    }

    /// <summary>"delayed to P" and "pushed from Q to P" are P; "delayed until P" is P or from P on.</summary>
    private static bool TryReadDelayed(ref TokenStream s, out Window window)
    {
        s.Take();
        s.Skip(Term.Ordinal);
        s.SkipFillers();
        if (s.Skip(Term.From) && !PeriodReader.TryRead(ref s, out _))
        {
            window = Nothing;
            return false;
        }

        s.SkipFillers();
        var until = s.Skip(Term.Until);
        if (!TryReadCore(ref s, out window))
        {
            return false;
        }

        window =
            until && window is { Earliest: { } first, Latest: not null } ? window with { Alternative = new Bounds(first, null) } : window;
        return true;
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
