using NodaTime;

namespace MilestoneWatch.Domain.Forecasts;

/// <summary>How one analyst did on one day of their curves.</summary>
/// <param name="Analyst">Whose score it is.</param>
/// <param name="By">The day that was forecast.</param>
/// <param name="Happened">Whether it was achieved by then.</param>
/// <param name="Points">Each probability given for that day while it was open, in the order of recording; at least one.</param>
/// <param name="TimeWeightedBrier">0 (best) to 1: see <see cref="Scores"/>.</param>
/// <param name="TimeWeightedLog">0 (best) down to −6.91: see <see cref="Scores"/>.</param>
public sealed record Score(
    Guid Analyst,
    LocalDate By,
    bool Happened,
    IReadOnlyList<ScoredPoint> Points,
    double TimeWeightedBrier,
    double TimeWeightedLog
);
