using CsCheck;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Forecasts;

public sealed class CalibrationTests
{
    private static readonly Instant After = Given.Start + Duration.FromDays(400);

    private static IReadOnlyList<Score> Scored(Status status, params RecordedCurve[] curves) =>
        Scores.Of(curves, Given.State(status, status == Status.Achieved ? Given.D : null), DateTimeZone.Utc, After);

    [Fact]
    public void Without_forecasts_there_is_nothing_to_say()
    {
        foreach (
            var none in new IReadOnlyList<Score>[][]
            {
                [],
                [
                    [],
                ],
            }
        )
        {
            var calibration = Calibration.Of(none);

            Assert.Empty(calibration.Bins);
            Assert.Equal((0, 0, 0, null), (calibration.Forecasts, calibration.Milestones, calibration.Analysts, calibration.MeanBrier));
        }
    }

    [Theory]
    [InlineData(Status.Cancelled)]
    [InlineData(Status.Answered)]
    public void What_has_no_outcome_does_not_count(Status status) =>
        Assert.Empty(Calibration.Of([Scored(status, Given.Curve(1, 0, 0.7m))]).Bins);

    [Fact]
    public void Each_probability_is_counted_with_its_like()
    {
        var calibration = Calibration.Of([
            Scored(Status.Achieved, Given.Curve(1, 0, 0.71m), Given.Curve(1, 5, 0.79m), Given.Curve(2, 0, 0.2m)),
            Scored(Status.Missed, Given.Curve(1, 0, 0.75m)),
        ]);

        Assert.Equal(
            [(0.2m, 0.2m, new Share(1, 1)), (0.7m, 0.75m, new Share(2, 3))],
            calibration.Bins.Select(bin => (bin.From, bin.Stated, bin.CameTrue))
        );
        Assert.Equal((4, 2, 2), (calibration.Forecasts, calibration.Milestones, calibration.Analysts));
        Assert.Equal((0.29 * 0.29 + 0.21 * 0.21 + 0.8 * 0.8 + 0.75 * 0.75) / 4, calibration.MeanBrier!.Value, 1e-12);
    }

    [Theory]
    [InlineData(0.001, 0)]
    [InlineData(0.099, 0)]
    [InlineData(0.1, 0.1)]
    [InlineData(0.699, 0.6)]
    [InlineData(0.7, 0.7)]
    [InlineData(0.999, 0.9)]
    public void A_bin_begins_with_its_own_tenth(double said, double from)
    {
        var bin = Assert.Single(Calibration.Of([Scored(Status.Missed, Given.Curve(1, 0, (decimal)said))]).Bins);

        Assert.Equal(((decimal)from, (decimal)from + 0.1m), (bin.From, bin.To));
    }

    [Fact]
    public void What_was_said_once_it_was_known_does_not_count() =>
        Assert.Empty(Calibration.Of([Scored(Status.Achieved, Given.Curve(1, 300, 0.999m))]).Bins);

    [Fact]
    public void The_bins_hold_every_forecast_once_whatever_their_order() =>
        Gen.Select(Gen.Int[1, 999], Gen.Bool)
            .List[0, 30]
            .Sample(said =>
            {
                var scores = said.Select(of => Scored(of.Item2 ? Status.Achieved : Status.Missed, Given.Curve(1, 0, of.Item1 / 1000m)))
                    .ToList();

                var calibration = Calibration.Of(scores);

                Assert.Equal(said.Count, calibration.Bins.Sum(bin => bin.CameTrue.Count));
                Assert.Equal(said.Count(of => of.Item2), calibration.Bins.Sum(bin => bin.CameTrue.Hits));
                Assert.All(calibration.Bins, bin => Assert.True(bin.From <= bin.Stated && bin.Stated < bin.To));
                Assert.Equal(calibration.Bins, Calibration.Of(Enumerable.Reverse(scores)).Bins);
            });
}
