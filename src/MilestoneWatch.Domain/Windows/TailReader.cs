using NodaTime;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Reads what follows a window: another one after "or", which end of it is meant, words and brackets.</summary>
internal static class TailReader
{
    /// <summary>"later this year or early next": from the first day of one to the last of the other.</summary>
    internal static bool TryReadOr(ref TokenStream s, ref Window window)
    {
        while (s.Is(Term.Or) && s.Peek().Term is not (Term.Later or Term.Earlier))
        {
            s.Take();
            s.SkipFillers();
            if (!WindowReader.TryReadCore(ref s, out var other))
            {
                return false;
            }

            window = new Window(
                window.Earliest is { } a && other.Earliest is { } b ? LocalDate.Min(a, b) : null,
                window.Latest is { } c && other.Latest is { } d ? LocalDate.Max(c, d) : null,
                Precision.Range
            );
        }

        return true;
    }

    /// <summary>"fully operational", "(approx.)", and "(or …)", which says the other reading.</summary>
    internal static bool TryReadRest(ref TokenStream s, ref Window window)
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

            if (TryReadBound(ref s, ref window))
            {
                continue;
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
                if (!WindowReader.TryReadCore(ref s, out var other))
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

    /// <summary>"H2 2026 at the earliest", "2027 or later", "by June at the latest": the window with its other side open, and the plain reading.</summary>
    private static bool TryReadBound(ref TokenStream s, ref Window window)
    {
        var or = s.Is(Term.Or) ? s.Peek().Term : Term.End;
        var earliest = or == Term.Later || s.Is(Term.Earliest);
        if (!earliest && or != Term.Earlier && !s.Is(Term.Latest))
        {
            return false;
        }

        s.Index += or == Term.End ? 1 : 2;

        var bound = earliest ? window.Earliest : window.Latest;
        if (bound is null)
        {
            return s.Refuse(s.Peek(-1), "this end is open", "");
        }

        var other = window is { Earliest: not null, Latest: not null } ? window.Alternative : null;
        window = earliest
            ? window with
            {
                Latest = null,
                Alternative = other is { } e ? new Bounds(e.Earliest, null) : null,
            }
            : window with
            {
                Earliest = null,
                Alternative = other is { } l ? new Bounds(null, l.Latest) : null,
            };
        return true;
    }
}
