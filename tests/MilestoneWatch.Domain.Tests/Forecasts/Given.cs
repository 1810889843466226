using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Forecasts;

/// <summary>Forecasts of one milestone, named by small numbers: analyst 1's first curve, recorded on day 0.</summary>
internal static class Given
{
    public static readonly Instant Start = Instant.FromUtc(2026, 6, 1, 0, 0);
    public static readonly LocalDate Today = new(2026, 6, 1);
    public static readonly LocalDate D = new(2026, 12, 31);

    public static Guid Analyst(int n) => new(n, 0, 0, new byte[8]);

    /// <param name="analyst">Whose.</param>
    /// <param name="days">Recorded so many days after <see cref="Start"/>; the position follows the time, then the analyst.</param>
    /// <param name="points">Days and probabilities.</param>
    public static RecordedCurve Curve(int analyst, double days, params (LocalDate By, decimal Probability)[] points) =>
        new(
            (long)(days * 1_000_000) + analyst,
            Analyst(analyst),
            Start + Duration.FromDays(days),
            [.. points.Select(point => new ForecastPoint(point.By, point.Probability))]
        );

    public static RecordedCurve Curve(int analyst, double days, decimal probability) => Curve(analyst, days, (D, probability));

    public static MilestoneState State(Status status, LocalDate? on = null) => new() { Status = status, StatusOn = on };

    public static double Pooled(params RecordedCurve[] curves) => new Aggregate(curves).At(D)!.Probability;
}
