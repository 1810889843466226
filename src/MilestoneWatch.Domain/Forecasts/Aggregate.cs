using NodaTime;

namespace MilestoneWatch.Domain.Forecasts;

/// <summary>
/// What the analysts say together. On each day it is the weighted geometric mean of the odds given by the analysts whose present curve has
/// a point on exactly that day; nothing is interpolated. A curve's weight halves with every <see cref="HalfLife"/> of its age.
/// </summary>
/// <remarks>
/// <para>
/// Promised: it lies between the lowest and the highest probability given for that day (so one analyst's, or one that all share, is the
/// aggregate itself); it does not depend on the order of the curves; and it never falls from one day to a later one for which the
/// same analysts gave a probability. Where the analysts differ it may fall: each day is spoken of only by those who spoke of it.
/// </para>
/// <para>
/// Only differences in age decide, since what all ages grow by cancels out. So it takes no present instant, and changes only when a
/// forecast is recorded or retracted, never as time passes.
/// </para>
/// </remarks>
public sealed class Aggregate
{
    /// <summary>The age at which a curve counts half as much as one recorded now.</summary>
    public static readonly Duration HalfLife = Duration.FromDays(30);

    private readonly RecordedCurve[] present;

    /// <summary>Of each analyst's latest curve among those given; the earlier ones are replaced whole, even where they have more days.</summary>
    public Aggregate(IEnumerable<RecordedCurve> curves) =>
        present = [
            .. curves.GroupBy(curve => curve.Analyst).Select(own => own.MaxBy(curve => curve.Position)!).OrderBy(curve => curve.Position),
        ];

    /// <summary>Every day for which anybody's present curve has a point, earliest first, with the aggregate there.</summary>
    public IReadOnlyList<AggregatePoint> Points =>
        [.. present.SelectMany(curve => curve.Points).Select(point => point.By).Distinct().Order().Select(day => At(day)!)];

    /// <summary>The aggregate for exactly that day; null when no present curve has a point there.</summary>
    public AggregatePoint? At(LocalDate day)
    {
        (RecordedCurve Curve, double Probability)[] given =
        [
            .. present
                .Select(curve => (Curve: curve, Probability: curve.At(day)))
                .Where(of => of.Probability is not null)
                .Select(of => (of.Curve, (double)of.Probability!.Value)),
        ];
        if (given.Length == 0)
        {
            return null;
        }
        // ages from the newest curve: from now, the weights of a set that is old enough would all be zero
        var newest = given.Max(of => of.Curve.RecordedAt);
        var (sum, weights) = (0.0, 0.0);
        foreach (var (curve, probability) in given)
        {
            var weight = Math.Pow(2, -((newest - curve.RecordedAt) / HalfLife));
            sum += weight * Math.Log(probability / (1 - probability));
            weights += weight;
        }
        var pooled = 1 / (1 + Math.Exp(-sum / weights));
        // so that rounding never carries it past what was given
        return new(day, Math.Clamp(pooled, given.Min(of => of.Probability), given.Max(of => of.Probability)), given.Length);
    }
}
