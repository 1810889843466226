using CsCheck;
using MilestoneWatch.Domain.Forecasts;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Forecasts;

public sealed class AggregateTests
{
    private static readonly LocalDate Later = Given.D.PlusYears(1);

    private static readonly Gen<RecordedCurve[]> Curves = Gen.Select(
            Gen.Double[0, 40_000],
            Gen.Int[1, 999],
            (days, thousandths) => (days, thousandths / 1000m)
        )
        .Array[1, 8]
        .Select(all => all.Select((of, i) => Given.Curve(i + 1, of.days, of.Item2)).ToArray());

    [Fact]
    public void Nobody_with_a_point_on_the_day_means_no_aggregate()
    {
        var aggregate = new Aggregate([Given.Curve(1, 0, 0.3m)]);

        Assert.Null(aggregate.At(Given.D.PlusDays(1)));
        Assert.Empty(new Aggregate([]).Points);
    }

    [Fact]
    public void Each_day_is_spoken_of_only_by_those_who_have_a_point_on_it()
    {
        var aggregate = new Aggregate([Given.Curve(1, 0, (Given.D, 0.2m), (Later, 0.6m)), Given.Curve(2, 0, (Given.D, 0.2m))]);

        Assert.Equal([new(Given.D, 0.2, 2), new(Later, 0.6, 1)], aggregate.Points);
    }

    [Fact]
    public void Between_days_of_different_analysts_it_may_fall()
    {
        var aggregate = new Aggregate([Given.Curve(1, 0, (Given.D, 0.9m)), Given.Curve(2, 0, (Later, 0.1m))]);

        Assert.Equal([0.9, 0.1], aggregate.Points.Select(point => point.Probability));
    }

    [Fact]
    public void An_analysts_latest_curve_replaces_the_earlier_one_whole()
    {
        var aggregate = new Aggregate([Given.Curve(1, 0, (Given.D, 0.2m), (Later, 0.6m)), Given.Curve(1, 1, (Later, 0.7m))]);

        Assert.Equal([new(Later, 0.7, 1)], aggregate.Points);
    }

    [Fact]
    public void Even_odds_and_odds_of_sixteen_meet_at_odds_of_four() =>
        Assert.Equal(0.8, Given.Pooled(Given.Curve(1, 0, 0.5m), Given.Curve(2, 0, 16 / 17m)), 1e-12);

    [Fact]
    public void A_curve_30_days_older_counts_half() =>
        // odds of 8 with weight one half and of 1 with weight one: 8^(1/3) = 2
        Assert.Equal(2 / 3.0, Given.Pooled(Given.Curve(1, 0, 8 / 9m), Given.Curve(2, 30, 0.5m)), 1e-12);

    [Fact]
    public void It_is_said_to_three_decimals_and_stays_a_probability_that_could_be_recorded()
    {
        Assert.Equal(new ForecastPoint(Given.D, 0.667m), new Aggregate([Given.Curve(1, 0, 2 / 3m)]).At(Given.D)!.Rounded);
        Assert.Equal(0.999m, new Aggregate([Given.Curve(1, 0, 0.999m), Given.Curve(2, 7, 0.999m)]).At(Given.D)!.Rounded.Probability);
    }

    [Fact]
    public void Curves_of_a_century_ago_still_give_an_aggregate() =>
        Assert.Equal(0.2, Given.Pooled(Given.Curve(1, -40_000, 0.9m), Given.Curve(2, 0, 0.2m)), 1e-12);

    [Fact]
    public void It_lies_between_the_lowest_and_the_highest() =>
        Curves.Sample(curves =>
        {
            var given = curves.Select(curve => (double)curve.At(Given.D)!.Value).ToList();
            Assert.InRange(Given.Pooled(curves), given.Min(), given.Max());
        });

    [Fact]
    public void One_analyst_or_many_of_one_mind_are_the_aggregate_themselves() =>
        Gen.Select(Curves, Gen.Int[1, 999])
            .Sample(
                (curves, thousandths) =>
                {
                    var p = thousandths / 1000m;
                    Assert.Equal((double)p, Given.Pooled([.. curves.Select(curve => curve with { Points = [new(Given.D, p)] })]));
                }
            );

    [Fact]
    public void The_order_of_the_curves_changes_not_even_the_last_bit() =>
        Gen.Select(Curves, Gen.Int[0, 1000])
            .Sample(
                (curves, seed) =>
                    Assert.Equal(Given.Pooled(curves), Given.Pooled([.. curves.OrderBy(c => (c.Position * 7919 + seed) % 1009)]))
            );

    [Fact]
    public void It_agrees_with_the_weights_written_out() =>
        Curves.Sample(curves =>
        {
            var last = curves.Max(curve => curve.RecordedAt) + Duration.FromDays(3);
            var weights = curves.Select(curve => Math.Pow(0.5, (last - curve.RecordedAt).TotalDays / 30)).ToList();
            var p = curves.Select(curve => (double)curve.At(Given.D)!.Value).ToList();
            var odds = Math.Exp(p.Zip(weights, (x, w) => w * Math.Log(x / (1 - x))).Sum() / weights.Sum());
            Assert.Equal(odds / (1 + odds), Given.Pooled(curves), 1e-9);
        });

    [Fact]
    public void Where_all_speak_of_the_same_days_it_never_falls() =>
        Gen.Select(Gen.Double[0, 400], Gen.Int[1, 999].Array[5])
            .Array[1, 6]
            .Sample(
                all =>
                {
                    var curves = all.Select(
                        (of, i) =>
                            Given.Curve(i + 1, of.Item1, [.. of.Item2.Order().Select((t, day) => (Given.D.PlusDays(day), t / 1000m))])
                    );
                    var points = new Aggregate(curves).Points.Select(point => point.Probability).ToList();
                    Assert.Equal(points.Order(), points);
                },
                iter: 20_000
            );
}
