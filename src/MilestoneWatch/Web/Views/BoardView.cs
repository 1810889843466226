using NodaTime;

namespace MilestoneWatch.Web.Views;

/// <summary>Everything the board shows: one subject's milestones and questions, in the order they are to be read.</summary>
/// <param name="Today">The day that "due in 5 days" counts from; on an as-of page, the day asked about.</param>
/// <param name="AsOf">The day asked about; null for now.</param>
/// <param name="NewestFact">The day of the newest fact on record.</param>
public sealed record BoardView(
    string SubjectName,
    LocalDate Today,
    LocalDate? AsOf,
    IReadOnlyList<MilestoneRow> Rows,
    LocalDate? NewestFact = null
);
