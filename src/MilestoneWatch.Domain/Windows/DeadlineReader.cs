using NodaTime;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads what follows "by", "before", "after" and "from": a window with one open end.</summary>
internal static class DeadlineReader
{
    /// <param name="ambiguous">"by 2027" may also mean before 2027 starts; "until" and "no later than" may not.</param>
    internal static bool TryReadBy(ref TokenStream s, bool ambiguous, out Window window)
    {
        window = default!;
        if (!TryReadBound(ref s, out var period, out var bound))
        {
            return false;
        }

        if (period.Part == Part.End)
        {
            window = Until(bound.Reading.Last, bound.Alternative?.Last, Precision.Day);
            return true;
        }

        var byItsStart = ambiguous && !bound.Reading.IsOneDay && period.Part != Part.Late;
        window = Until(bound.Reading.Last, byItsStart ? bound.Reading.First.PlusDays(-1) : bound.Alternative?.Last, bound.Precision);
        return true;
    }

    internal static bool TryReadBefore(ref TokenStream s, out Window window)
    {
        window = default!;
        if (!TryReadBound(ref s, out var period, out var bound))
        {
            return false;
        }

        if (period.Number > 0 && !period.HasYear && period.Part != Part.End && bound.Reading.First <= s.On)
        {
            // "before October" in October is before the next one.
            var next = PeriodResolver.WithYear(s, period);
            if (!PeriodResolver.TryResolve(ref s, next with { Year = next.Year + 1 }, out bound))
            {
                return false;
            }
        }

        window =
            period.Part == Part.End
                ? Until(bound.Reading.Last, bound.Alternative?.Last, Precision.Day)
                : Until(bound.Reading.First.PlusDays(-1), bound.Alternative?.First.PlusDays(-1), bound.Precision);
        return true;
    }

    internal static bool TryReadAfter(ref TokenStream s, out Window window)
    {
        window = default!;
        if (!TryReadBound(ref s, out _, out var bound))
        {
            return false;
        }

        window = From(bound.Reading.Last.PlusDays(1), bound.Alternative?.Last.PlusDays(1), bound.Precision);
        return true;
    }

    internal static bool TryReadFrom(ref TokenStream s, out Window window)
    {
        window = default!;
        if (!PeriodReader.TryRead(ref s, out var period))
        {
            return false;
        }

        ResolvedPeriod start = default;
        var read = RangeReader.TryReadJoint(ref s)
            ? PeriodReader.TryRead(ref s, out var last) && RangeReader.TryJoin(ref s, period, last, out start)
            : PeriodResolver.TryResolve(ref s, period, out start);
        window = read ? From(start) : window;
        return read;
    }

    internal static Window From(ResolvedPeriod start) => From(start.Reading.First, start.Alternative?.First, start.Precision);

    private static Window From(LocalDate earliest, LocalDate? other, Precision precision) =>
        new(earliest, null, precision, Alternative: other is null ? null : new Bounds(other, null));

    private static Window Until(LocalDate latest, LocalDate? other, Precision precision) =>
        new(null, latest, precision, Alternative: other is null ? null : new Bounds(null, other));

    /// <summary>"end of P" as a bound is the last day of P, whatever P is.</summary>
    private static bool TryReadBound(ref TokenStream s, out NamedPeriod period, out ResolvedPeriod bound)
    {
        bound = default;
        if (!PeriodReader.TryRead(ref s, out period))
        {
            return false;
        }

        if (RangeReader.TryReadJoint(ref s))
        {
            var first = period;
            period = default;
            return PeriodReader.TryRead(ref s, out var last) && RangeReader.TryJoin(ref s, first, last, out bound);
        }

        var whole = period.Part == Part.End && !period.IsBarePart ? period with { Part = Part.Whole } : period;
        return PeriodResolver.TryResolve(ref s, whole, out bound);
    }
}
