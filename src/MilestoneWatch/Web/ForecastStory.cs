using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Web.Views;
using NodaTime;

namespace MilestoneWatch.Web;

/// <summary>What analysts together forecast of a milestone: over time for its due day, and now for every day they speak of.</summary>
internal static class ForecastStory
{
    /// <summary>
    /// A step for each day on which it became another: a forecast was recorded, or the due day moved. Forecasts that were taken back are
    /// left out from the start.
    /// </summary>
    public static IReadOnlyList<ForecastStep> OverTime(IReadOnlyList<Entry> history, DateTimeZone zone)
    {
        var withdrawn = history.Withdrawn();
        var present = new Dictionary<Guid, RecordedCurve>();
        var steps = new List<ForecastStep>();
        LocalDate? due = null;
        foreach (var entry in history)
        {
            var said =
                entry is { Body.Change: Forecasted forecast, Actor: { } analyst } && !withdrawn.Contains(entry.Position)
                    ? new RecordedCurve(entry.Position, analyst, entry.RecordedAt, forecast.Points)
                    : null;
            if (said is not null)
            {
                present[said.Analyst] = said;
            }
            var moved = entry.State.Window?.Latest != due;
            due = entry.State.Window?.Latest;
            if ((said is null && !moved) || present.Count == 0 || due is not { } by)
            {
                continue;
            }
            var together = new Aggregate(present.Values).At(by);
            var step = new ForecastStep(entry.RecordedAt.InZone(zone).Date, by, together?.Rounded.Probability, together?.Analysts ?? 0);
            // the last of a day is the day's
            if (steps is [.., var last] && last.On == step.On)
            {
                steps.RemoveAt(steps.Count - 1);
            }
            steps.Add(step);
        }
        return steps.Exists(step => step.Probability is not null) ? steps : [];
    }

    /// <summary>Every day that a present forecast speaks of, earliest first.</summary>
    public static IReadOnlyList<ForecastDay> Now(IReadOnlyList<Entry> history, MilestoneState state)
    {
        var present = RecordedCurve.Of(history).GroupBy(curve => curve.Analyst).Select(own => own.MaxBy(curve => curve.Position)!).ToList();
        return
        [
            .. new Aggregate(present).Points.Select(point => new ForecastDay(
                point.By,
                point.Rounded.Probability,
                [.. present.Select(curve => curve.At(point.By)).OfType<decimal>().Order()],
                point.By == state.Window?.Latest
            )),
        ];
    }
}
