using NodaTime;

namespace MilestoneWatch.Domain.Forecasts;

/// <summary>One point of a recorded curve, scored on its own day.</summary>
/// <param name="Position">The forecast's position.</param>
/// <param name="RecordedAt">When it was recorded.</param>
/// <param name="Probability">The probability that was given.</param>
/// <param name="Brier">0 (best) to 1.</param>
/// <param name="Log">0 (best) down to −6.91.</param>
public sealed record ScoredPoint(long Position, Instant RecordedAt, decimal Probability, double Brier, double Log);
