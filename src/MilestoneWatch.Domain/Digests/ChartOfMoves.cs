namespace MilestoneWatch.Domain.Digests;

/// <summary>The windows that were promised one after the other, on one scale of time, with today marked.</summary>
public sealed record ChartOfMoves : Chart
{
    /// <summary>The first promise, then the last few, oldest first; the present one is last.</summary>
    public required IReadOnlyList<ChartBar> Bars { get; init; }

    /// <summary>Where today is, from 0 to 100.</summary>
    public required decimal Today { get; init; }

    /// <summary>"today, 6 Oct 2026".</summary>
    public required string TodayLabel { get; init; }
}
