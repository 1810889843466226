using MilestoneWatch.Domain.Ledger;
using NodaTime;

namespace MilestoneWatch.Domain.Forecasts;

/// <summary>One analyst's forecast as it stands in the ledger.</summary>
/// <param name="Position">Orders an analyst's forecasts, also those of one instant.</param>
/// <param name="Analyst">Whose it is: the entry's actor.</param>
/// <param name="RecordedAt">From when it counts.</param>
/// <param name="Points">As <see cref="Curve"/> read them.</param>
public sealed record RecordedCurve(long Position, Guid Analyst, Instant RecordedAt, IReadOnlyList<ForecastPoint> Points)
{
    /// <summary>
    /// Every forecast among a milestone's entries that is neither retracted by one of them nor redacted, in their order. As of an instant:
    /// give the entries that were recorded by then.
    /// </summary>
    public static IReadOnlyList<RecordedCurve> Of(IReadOnlyCollection<Entry> entries)
    {
        return
        [
            .. entries
                .Standing()
                .Select(entry =>
                    entry is { Body.Change: Forecasted forecast, Actor: { } analyst }
                        ? new RecordedCurve(entry.Position, analyst, entry.RecordedAt, forecast.Points)
                        : null
                )
                .OfType<RecordedCurve>(),
        ];
    }

    /// <summary>The probability given for exactly that day; null if the curve has no point there.</summary>
    public decimal? At(LocalDate day) => Points.FirstOrDefault(point => point.By == day)?.Probability;
}
