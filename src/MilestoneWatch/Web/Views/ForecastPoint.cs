using NodaTime;

namespace MilestoneWatch.Web.Views;

/// <param name="By">The day by which it is achieved.</param>
/// <param name="Probability">0.001 to 0.999.</param>
public sealed record ForecastPoint(LocalDate By, double Probability);
