using NodaTime;

namespace MilestoneWatch.Web.Views;

/// <summary>What analysts together gave for the last day of the window, from one day on.</summary>
/// <param name="On">The day from which.</param>
/// <param name="By">The window's latest day as it was then.</param>
/// <param name="Probability">To three decimals; null where nobody's forecast speaks of that day.</param>
/// <param name="Analysts">How many spoke of it.</param>
public sealed record ForecastStep(LocalDate On, LocalDate By, decimal? Probability, int Analysts);
