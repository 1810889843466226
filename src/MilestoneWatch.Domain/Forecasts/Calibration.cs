namespace MilestoneWatch.Domain.Forecasts;

/// <summary>Whether what forecasts said came true as often as they said, all analysts together.</summary>
/// <param name="Bins">By stated probability, lowest first; those without a forecast are left out.</param>
/// <param name="Forecasts">How many probabilities were scored.</param>
/// <param name="Milestones">On how many milestones: forecasts of one milestone come true or fail together.</param>
/// <param name="Analysts">By how many analysts.</param>
/// <param name="MeanBrier">The mean of their Brier scores, 0 (best) to 1, 0.25 is what 50% always gets; null without any.</param>
public sealed record Calibration(IReadOnlyList<CalibrationBin> Bins, int Forecasts, int Milestones, int Analysts, double? MeanBrier)
{
    /// <summary>How wide a bin is.</summary>
    public const decimal Width = 0.1m;

    /// <summary>
    /// Each scored probability once: of what stands, is resolved, and was recorded while its day was open, as <see cref="Scores"/> tells.
    /// </summary>
    /// <param name="ofMilestones">What <see cref="Scores"/> gives for each milestone; empty where nothing is scored.</param>
    public static Calibration Of(IEnumerable<IReadOnlyList<Score>> ofMilestones)
    {
        IReadOnlyList<Score>[] scored = [.. ofMilestones.Where(scores => scores.Count > 0)];
        (ScoredPoint Point, bool Happened)[] points =
        [
            .. scored.SelectMany(scores => scores).SelectMany(score => score.Points, (score, point) => (point, score.Happened)),
        ];
        return new(
            [
                .. points
                    .GroupBy(of => decimal.Floor(of.Point.Probability / Width))
                    .OrderBy(bin => bin.Key)
                    .Select(bin => new CalibrationBin(
                        bin.Key * Width,
                        bin.Average(of => of.Point.Probability),
                        new Share(bin.Count(of => of.Happened), bin.Count())
                    )),
            ],
            points.Length,
            scored.Length,
            scored.SelectMany(scores => scores).Select(score => score.Analyst).Distinct().Count(),
            points.Length == 0 ? null : points.Average(of => of.Point.Brier)
        );
    }
}
