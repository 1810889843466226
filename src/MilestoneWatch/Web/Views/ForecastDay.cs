using NodaTime;

namespace MilestoneWatch.Web.Views;

/// <summary>What is forecast now for one day.</summary>
/// <param name="By">The day, whose end is meant.</param>
/// <param name="Together">To three decimals.</param>
/// <param name="Each">What each analyst gave, lowest first.</param>
/// <param name="Due">Whether it is the window's latest day.</param>
public sealed record ForecastDay(LocalDate By, decimal Together, IReadOnlyList<decimal> Each, bool Due);
