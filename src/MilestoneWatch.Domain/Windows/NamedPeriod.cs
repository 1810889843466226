namespace MilestoneWatch.Domain.Windows;

/// <summary>A period as the phrase names it, perhaps not yet complete: "September", "15", "mid" borrow the rest from the other end of a range.</summary>
internal readonly record struct NamedPeriod
{
    /// <summary>Day to Season; Unknown when only a part or an ordinal is said.</summary>
    internal Precision Kind { get; init; }

    /// <summary>The month of a day or month, the week, quarter or half, or the season's first month; 0 for a day whose month is unsaid.</summary>
    internal int Number { get; init; }

    internal int Day { get; init; }

    /// <summary>0 when unsaid. Of a week, the ISO week year.</summary>
    internal int Year { get; init; }

    internal YearKind YearKind { get; init; }

    internal Part Part { get; init; }

    /// <summary>1 or 2 when only that half of the month is meant: days 1 to 15, or the others.</summary>
    internal int HalfOfMonth { get; init; }

    /// <summary>1 to 4 when only those seven days of the month are meant (1 to 7, 8 to 14, …), 5 for its last seven.</summary>
    internal int WeekOfMonth { get; init; }

    /// <summary>A winter whose two years are both said.</summary>
    internal bool BothYears { get; init; }

    /// <summary>"next spring": the coming one or the one after.</summary>
    internal bool Next { get; init; }

    /// <summary>The characters that name it.</summary>
    internal int Start { get; init; }

    internal int End { get; init; }

    /// <summary>Where the period of which this is a part begins; <see cref="Start"/> when it is whole.</summary>
    internal int WholeStart { get; init; }

    /// <summary>The figures to blame when the calendar has no such day or week.</summary>
    internal Token Figures { get; init; }

    /// <summary>The day of the week said with a date; <see cref="Term.End"/> when none is.</summary>
    internal Token Weekday { get; init; }

    internal bool IsBarePart => Kind == Precision.Unknown && Number == 0;

    internal bool IsBareOrdinal => Kind == Precision.Unknown && Number > 0;

    internal bool IsBareDay => Kind == Precision.Day && Number == 0;

    internal bool HasYear => Year != 0;

    internal NamedPeriod Of(NamedYear year) => this with { Year = year.Value, YearKind = year.Kind };
}
