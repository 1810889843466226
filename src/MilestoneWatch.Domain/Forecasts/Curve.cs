using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Forecasts;

/// <summary>Reads an analyst's forecast: what makes points a curve, and what can be forecast at all.</summary>
public static class Curve
{
    public const int MostPoints = 100;
    public const decimal Least = 0.001m;
    public const decimal Most = 0.999m;

    /// <summary>
    /// Puts points into the order of their days, or says which point is wrong and why. A curve has 1 to <see cref="MostPoints"/> points on
    /// distinct days of the years 1583 to 9998, probabilities from <see cref="Least"/> to <see cref="Most"/> with at most three decimals, and
    /// never falls with the day. Days may have passed: such a point is recorded, and never scored.
    /// </summary>
    public static bool TryRead(
        IReadOnlyCollection<ForecastPoint> points,
        [NotNullWhen(true)] out IReadOnlyList<ForecastPoint>? curve,
        [NotNullWhen(false)] out Refusal? refusal
    )
    {
        curve = null;
        if (points.Count is 0 or > MostPoints)
        {
            refusal = new Refusal(
                string.Create(CultureInfo.InvariantCulture, $"a forecast has 1 to {MostPoints} points, and this one has {points.Count}")
            );
            return false;
        }
        ForecastPoint[] inOrder = [.. points.OrderBy(point => point.By)];
        refusal =
            inOrder.Select(WhyNot).FirstOrDefault(why => why is not null)
            ?? inOrder.Zip(inOrder.Skip(1), WhyNot).FirstOrDefault(why => why is not null);
        curve = refusal is null ? inOrder : null;
        return refusal is null;
    }

    /// <summary>
    /// Why nothing can be forecast of a milestone, or null when it can. What is settled is known. A question is answered rather than
    /// achieved, and its answer may be a no: readers would take "70% by June" for 70% yes, which no entry could ever settle.
    /// </summary>
    public static Refusal? WhyNot(MilestoneKind kind, Status status) =>
        kind == MilestoneKind.Question ? new Refusal("a question has no yes or no to forecast; forecast what it is about")
        : status.IsFinal() ? new Refusal($"it is settled as {Words.Of(status)}; reopen it first, with a reason")
        : null;

    private static Refusal? WhyNot(ForecastPoint point)
    {
        if (point.By.Year is < Periods.FirstYear or > Periods.LastYear)
        {
            return Refuse($"{Print(point)} is not in the years {Periods.FirstYear} to {Periods.LastYear}");
        }
        if (point.Probability is < Least or > Most)
        {
            var hint = point.Probability is > 1 and < 100
                ? FormattableString.Invariant($"{point.Probability}% is written {point.Probability / 100}")
                : "nothing is quite certain or impossible";
            return Refuse($"{Print(point)} is not from {Least} to {Most}: {hint}");
        }
        return decimal.Round(point.Probability, 3) == point.Probability
            ? null
            : Refuse($"{Print(point)} has more than three decimals: {decimal.Round(point.Probability, 3)} says as much");
    }

    private static Refusal? WhyNot(ForecastPoint earlier, ForecastPoint later)
    {
        if (earlier.By == later.By)
        {
            return Refuse($"{Day(later.By)} is there twice, with {earlier.Probability} and {later.Probability}: a day has one probability");
        }
        return later.Probability >= earlier.Probability
            ? null
            : Refuse(
                $"{Print(later)} is lower than {Print(earlier)}: a curve never falls, since what happened by then has happened by any later day"
            );
    }

    private static Refusal Refuse(FormattableString reason) => new(reason.ToString(CultureInfo.InvariantCulture));

    private static string Print(ForecastPoint point) =>
        string.Create(CultureInfo.InvariantCulture, $"{point.Probability} by {Day(point.By)}");

    private static string Day(LocalDate day) => day.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
