using NodaTime;

namespace MilestoneWatch.Web.Views;

/// <summary>Everything one page of the board shows: the milestones asked for, then the questions, in the order they are to be read.</summary>
/// <param name="SubjectName">Whose promises are on record, whatever was asked for.</param>
/// <param name="Today">The day that "due in 5 days" counts from; on an as-of page, the day asked about.</param>
/// <param name="AsOf">The day asked about; null for now.</param>
/// <param name="NewestFact">The day of the newest fact on record.</param>
public sealed record BoardView(
    string SubjectName,
    LocalDate Today,
    LocalDate? AsOf,
    IReadOnlyList<MilestoneRow> Rows,
    LocalDate? NewestFact = null
)
{
    public required BoardCounts Counts { get; init; }

    public required BoardChoices Choices { get; init; }

    /// <summary>The days that a reader can go back to, oldest first; the last is now.</summary>
    public IReadOnlyList<StripPoint> Strip { get; init; } = [];

    /// <summary>Rows on a page.</summary>
    public int PageSize { get; init; } = BoardQuery.UsualSize;

    /// <summary>At least one, be it empty.</summary>
    public int Pages => Math.Max(1, (Counts.Matched + PageSize - 1) / PageSize);
}
