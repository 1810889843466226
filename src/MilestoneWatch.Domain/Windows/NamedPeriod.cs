namespace MilestoneWatch.Domain.Windows;

/// <summary>A period as the phrase names it, perhaps not yet complete: "September", "15", "mid" borrow the rest from the other end of a range.</summary>
internal readonly record struct NamedPeriod
{
    /// <summary>Day to Season; Unknown when only a part is said.</summary>
    internal Precision Kind { get; init; }

    /// <summary>The month of a day or month, the week, quarter or half, or the season's first month; 0 for a day whose month is unsaid.</summary>
    internal int Number { get; init; }

    internal int Day { get; init; }

    /// <summary>0 when unsaid. Of a week, the ISO week year.</summary>
    internal int Year { get; init; }

    internal bool Fiscal { get; init; }

    internal Part Part { get; init; }

    /// <summary>A winter whose two years are both said.</summary>
    internal bool BothYears { get; init; }

    /// <summary>The characters that name it.</summary>
    internal int Start { get; init; }

    internal int End { get; init; }

    /// <summary>Where the period of which this is a part begins; <see cref="Start"/> when it is whole.</summary>
    internal int WholeStart { get; init; }

    /// <summary>The figures to blame when the calendar has no such day or week.</summary>
    internal Token Figures { get; init; }

    internal bool IsBarePart => Kind == Precision.Unknown;

    internal bool IsBareDay => Kind == Precision.Day && Number == 0;

    internal bool HasYear => Year != 0;
}
