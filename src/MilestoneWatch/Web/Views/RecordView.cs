using MilestoneWatch.Domain.Forecasts;
using NodaTime;

namespace MilestoneWatch.Web.Views;

/// <summary>What the record page shows: how first dates held, and how forecasts did.</summary>
/// <param name="Today">The day asked about, in UTC.</param>
/// <param name="AsOf">The day asked about; null for now.</param>
/// <param name="Promisers">Whoever promised anything, in the watchlists' order.</param>
/// <param name="Forecasts">Of everything on record.</param>
public sealed record RecordView(LocalDate Today, LocalDate? AsOf, IReadOnlyList<PromiserRow> Promisers, Calibration Forecasts);
