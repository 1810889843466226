using NodaTime;

namespace MilestoneWatch.Domain.Forecasts;

/// <summary>What the analysts together give for a day.</summary>
/// <param name="By">The day, whose end is meant.</param>
/// <param name="Probability">From 0.001 to 0.999.</param>
/// <param name="Analysts">How many gave one; at least one.</param>
public sealed record AggregatePoint(LocalDate By, double Probability, int Analysts)
{
    /// <summary>To three decimals, as it is said and compared.</summary>
    public ForecastPoint Rounded => new(By, decimal.Round((decimal)Probability, 3));
}
