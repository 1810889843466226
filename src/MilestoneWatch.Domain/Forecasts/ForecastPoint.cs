using NodaTime;

namespace MilestoneWatch.Domain.Forecasts;

/// <summary>The probability (0.001 to 0.999) that it is achieved by the end of a day.</summary>
public sealed record ForecastPoint(LocalDate By, decimal Probability);
