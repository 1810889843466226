namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads a period alone or two joined ("Q3–Q4 2026", "between March and May 2027"), each lending the other what it leaves unsaid.</summary>
internal static class RangeReader
{
    /// <param name="mustJoin">After "between": there must be two, and "and" joins them.</param>
    /// <param name="openEnded">After "from": one alone is where an open window begins.</param>
    internal static bool TryRead(ref TokenStream s, bool mustJoin, bool openEnded, out Window window)
    {
        window = default!;
        if (!PeriodReader.TryRead(ref s, out var first))
        {
            return false;
        }

        var either = s.Is(Term.Or) || s.Is(Term.Slash);
        if (TryReadJoint(ref s))
        {
            if (!PeriodReader.TryRead(ref s, out var last) || !TryJoin(ref s, first, last, out var joined))
            {
                return false;
            }

            // "from March to May" ends; "from March or April" does not.
            window = openEnded && either ? DeadlineReader.From(joined) : Closed(joined);
            return true;
        }

        if (!PeriodResolver.TryResolve(ref s, first, out var alone))
        {
            return false;
        }

        if (mustJoin)
        {
            var said = s.Phrase[first.Start..first.End];
            return s.Refuse(first.Start, first.End, "\"between\" is understood with two dates", $"{said} and {said}");
        }

        window = openEnded ? DeadlineReader.From(alone) : Closed(alone);
        return true;
    }

    /// <summary>What joins two periods, if another may begin after it.</summary>
    internal static bool TryReadJoint(ref TokenStream s)
    {
        var from = s.Index;
        var joined = s.SkipDashes();
        if (s.Current.Term is Term.To or Term.Until or Term.And or Term.Or or Term.Slash)
        {
            joined = true;
            s.Take();
            s.SkipDashes();
        }

        if (joined && PeriodReader.MayBegin(s))
        {
            return true;
        }

        s.Index = from;
        return false;
    }

    private static Window Closed(ResolvedPeriod period) =>
        new(period.Reading.First, period.Reading.Last, period.Precision, Alternative: period.Alternative?.Bounds);

    /// <summary>From the first day of one to the last of the other.</summary>
    internal static bool TryJoin(ref TokenStream s, NamedPeriod first, NamedPeriod last, out ResolvedPeriod joined)
    {
        joined = default;
        if (first.IsBareOrdinal)
        {
            // "the end of the first or second quarter" is the end of either.
            last = last with
            {
                Part = first.Part,
            };
        }

        if (!first.HasYear)
        {
            last = PeriodResolver.WithYear(s, last);
        }

        var (begin, finish) = (Lend(first, last), Lend(last, first));
        if (!PeriodResolver.TryResolve(ref s, finish, out var end) || !PeriodResolver.TryResolve(ref s, begin, out var start))
        {
            return false;
        }

        // "November to February 2027" begins the year before; "Q4 2026 to Q1" ends the year after.
        if (start.Reading.First > end.Reading.Last && YearIsLent(first, begin) != YearIsLent(last, finish))
        {
            var (earlier, later) = YearIsLent(first, begin)
                ? (begin with { Year = begin.Year - 1, BothYears = true }, finish)
                : (begin, finish with { Year = finish.Year + 1, BothYears = true });
            if (!PeriodResolver.TryResolve(ref s, later, out end) || !PeriodResolver.TryResolve(ref s, earlier, out start))
            {
                return false;
            }
        }

        var reading = new Stretch(start.Reading.First, end.Reading.Last);
        Stretch? other =
            start.Alternative is null && end.Alternative is null
                ? null
                : new Stretch((start.Alternative ?? start.Reading).First, (end.Alternative ?? end.Reading).Last);
        if (other is { } possible && possible.First > possible.Last)
        {
            other = null;
        }

        if (reading.First > reading.Last)
        {
            if (other is not { } only)
            {
                return RefuseReversed(ref s, first, last);
            }

            (reading, other) = (only, null);
        }

        joined = new ResolvedPeriod(reading, other, start.Reading == end.Reading ? start.Precision : Precision.Range);
        return true;
    }

    /// <summary>What a period leaves unsaid, from the other end of the range.</summary>
    private static NamedPeriod Lend(NamedPeriod period, NamedPeriod other)
    {
        if (period.IsBarePart && !other.IsBarePart)
        {
            return other with { Part = period.Part, Start = period.Start, End = period.End };
        }

        if (period.IsBareOrdinal && !other.IsBareOrdinal)
        {
            period = other with
            {
                Number = other.Kind == Precision.Month ? other.Number : period.Number,
                HalfOfMonth = other.HalfOfMonth > 0 ? period.Number : 0,
                WeekOfMonth = other.WeekOfMonth > 0 ? period.Number : 0,
                Start = period.Start,
                End = period.End,
            };
        }

        if (period.IsBareDay && other is { Kind: Precision.Day, IsBareDay: false })
        {
            period = period with { Number = other.Number };
        }

        // "2026 to September" does not say which September.
        var lendsNoYear = other is { Kind: Precision.Year, Part: Part.Whole, YearKind: YearKind.Calendar };
        return period.HasYear || period.IsBareDay || period.IsBarePart || lendsNoYear
            ? period
            : period with
            {
                Year = other.Year,
                YearKind = other.YearKind,
            };
    }

    private static bool YearIsLent(NamedPeriod said, NamedPeriod complete) =>
        !said.HasYear && complete.HasYear && !said.IsBareDay && !said.IsBarePart;

    private static bool RefuseReversed(ref TokenStream s, NamedPeriod first, NamedPeriod last)
    {
        var joint = s.Phrase[first.End..last.Start];
        var (one, other) = (s.Phrase[first.Start..first.End], s.Phrase[last.Start..last.End]);
        return s.Refuse(first.Start, last.End, $"\"{one}\" comes after \"{other}\"", other + joint + one);
    }
}
