using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Forecasts;

/// <summary>How good forecasts were. Each point is scored on its own day D, so rescheduling changes nothing.</summary>
/// <remarks>
/// <para>
/// A point counts if it was recorded while D was open: before D ended in the milestone's zone, and, where it was settled as achieved or
/// missed on a day up to D, before that day began. So what was recorded after the happening, though before anybody recorded it, does not count.
/// </para>
/// <para>
/// The time-weighted scores of an analyst for D average over the time from their first counting point for D until the end of D; at each
/// moment the latest counting point for D is scored. An early happening freezes that point: it goes on counting until D ends, so neither the
/// time left nor anything said with hindsight makes an early yes look better. Leaving D out of a later curve takes nothing back; retracting
/// does: pass the curves that are not retracted.
/// </para>
/// <para>
/// A point's own scores are proper: saying what one believes is best. The time-weighted ones describe a record and are not quite: only a yes
/// can come early, so whoever will lower the forecast as time passes without it does better to start high.
/// </para>
/// </remarks>
public static class Scores
{
    /// <summary>
    /// What became of a point on a day, as known from a state at an instant. Achieved counts by the day it happened, in the milestone's
    /// zone. Missed is a no for every day, also one to come; while nothing is settled, a day that has passed is a no.
    /// </summary>
    public static Outcome OutcomeOf(MilestoneState state, LocalDate by, DateTimeZone zone, Instant now) =>
        state.Status switch
        {
            Status.Cancelled or Status.Open or Status.Answered => Outcome.Void,
            Status.Achieved when state.StatusOn is { } on => on <= by ? Outcome.Happened : Outcome.DidNotHappen,
            Status.Achieved => Outcome.Unresolved,
            Status.Missed => Outcome.DidNotHappen,
            _ => EndOf(by, zone) <= now ? Outcome.DidNotHappen : Outcome.Unresolved,
        };

    /// <summary>Every analyst's score on every day that is resolved, by day and then analyst. Empty once cancelled.</summary>
    /// <param name="curves">All forecasts of the milestone that are not retracted, earlier ones too, as known at <paramref name="now"/>.</param>
    /// <param name="state">The milestone's state as known at <paramref name="now"/>.</param>
    /// <param name="zone">The milestone's zone.</param>
    /// <param name="now">The instant as of which to score.</param>
    public static IReadOnlyList<Score> Of(IEnumerable<RecordedCurve> curves, MilestoneState state, DateTimeZone zone, Instant now) =>
        [
            .. curves
                .OrderBy(curve => curve.Position)
                .SelectMany(curve => curve.Points, (curve, point) => (Curve: curve, Point: point))
                .GroupBy(given => (given.Point.By, given.Curve.Analyst))
                .OrderBy(given => given.Key)
                .Select(given => Of(given.Key.Analyst, given.Key.By, given, state, zone, now))
                .OfType<Score>(),
        ];

    /// <summary>
    /// The square of the distance between the probability and what happened (1 or 0), counted once and not for yes and no alike: 0 is
    /// best, 1 worst, 0.25 what 50% always gets. Brier's own sum over both is twice that.
    /// </summary>
    public static double Brier(decimal probability, bool happened)
    {
        var distance = probability - (happened ? 1 : 0);
        return (double)(distance * distance);
    }

    /// <summary>
    /// The natural logarithm of the probability given to what happened: never positive, 0 is best, −0.69 what 50% always gets,
    /// and ln 0.001 = −6.91 the worst that a curve can get.
    /// </summary>
    public static double Log(decimal probability, bool happened) => Math.Log((double)(happened ? probability : 1 - probability));

    private static Score? Of(
        Guid analyst,
        LocalDate by,
        IEnumerable<(RecordedCurve Curve, ForecastPoint Point)> given,
        MilestoneState state,
        DateTimeZone zone,
        Instant now
    )
    {
        var outcome = OutcomeOf(state, by, zone, now);
        if (outcome is Outcome.Unresolved or Outcome.Void)
        {
            return null;
        }
        var happened = outcome == Outcome.Happened;
        var end = EndOf(by, zone);
        var settled = state.Status is Status.Achieved or Status.Missed && state.StatusOn is { } on ? Window.StartOf(on, zone) : end;
        var closed = Instant.Min(settled, end);
        ScoredPoint[] points =
        [
            .. given
                .Where(of => of.Curve.RecordedAt < closed)
                .Select(of => new ScoredPoint(
                    of.Curve.Position,
                    of.Curve.RecordedAt,
                    of.Point.Probability,
                    Brier(of.Point.Probability, happened),
                    Log(of.Point.Probability, happened)
                )),
        ];
        return points.Length == 0
            ? null
            : new(analyst, by, happened, points, OverTime(points, end, point => point.Brier), OverTime(points, end, point => point.Log));
    }

    private static double OverTime(ScoredPoint[] points, Instant end, Func<ScoredPoint, double> score)
    {
        var whole = end - points[0].RecordedAt;
        return points
            .Select((point, i) => score(point) * ((i + 1 < points.Length ? points[i + 1].RecordedAt : end) - point.RecordedAt) / whole)
            .Sum();
    }

    private static Instant EndOf(LocalDate day, DateTimeZone zone) => Window.StartOf(day.PlusDays(1), zone);
}
