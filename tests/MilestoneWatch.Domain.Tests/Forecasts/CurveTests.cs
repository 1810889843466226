using CsCheck;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Forecasts;

public sealed class CurveTests
{
    private static ForecastPoint P(int year, decimal probability) => new(new LocalDate(year, 12, 31), probability);

    private static IReadOnlyList<ForecastPoint> Read(params ForecastPoint[] points) =>
        Curve.TryRead(points, out var curve, out var refusal) ? curve : throw new InvalidOperationException(refusal.Reason);

    private static string Refused(params ForecastPoint[] points)
    {
        Assert.False(Curve.TryRead(points, out var curve, out var refusal));
        Assert.Null(curve);
        return refusal.Reason;
    }

    [Fact]
    public void Points_are_put_into_the_order_of_their_days() =>
        Assert.Equal([P(2026, 0.4m), P(2027, 0.4m), P(2028, 0.9m)], Read(P(2028, 0.9m), P(2026, 0.4m), P(2027, 0.4m)));

    [Fact]
    public void A_curve_that_falls_is_refused_naming_both_points() =>
        Assert.Equal(
            "0.3 by 2027-12-31 is lower than 0.4 by 2026-12-31: a curve never falls, since what happened by then has happened by any later day",
            Refused(P(2027, 0.3m), P(2026, 0.4m))
        );

    [Fact]
    public void A_day_is_given_once() =>
        Assert.Equal(
            "2027-12-31 is there twice, with 0.3 and 0.4: a day has one probability",
            Refused(P(2027, 0.3m), P(2028, 0.5m), P(2027, 0.4m))
        );

    [Theory]
    [InlineData("0.001")]
    [InlineData("0.999")]
    [InlineData("0.5000")]
    public void The_ends_of_the_range_and_trailing_zeros_are_read(string probability)
    {
        var p = decimal.Parse(probability, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal([P(2027, p)], Read(P(2027, p)));
    }

    [Theory]
    [InlineData("0", "0 by 2027-12-31 is not from 0.001 to 0.999: nothing is quite certain or impossible")]
    [InlineData("0.0009", "0.0009 by 2027-12-31 is not from 0.001 to 0.999: nothing is quite certain or impossible")]
    [InlineData("-0.3", "-0.3 by 2027-12-31 is not from 0.001 to 0.999: nothing is quite certain or impossible")]
    [InlineData("1", "1 by 2027-12-31 is not from 0.001 to 0.999: nothing is quite certain or impossible")]
    [InlineData("30", "30 by 2027-12-31 is not from 0.001 to 0.999: 30% is written 0.3")]
    [InlineData("0.1234", "0.1234 by 2027-12-31 has more than three decimals: 0.123 says as much")]
    public void A_probability_that_is_none_is_refused_with_the_reason(string probability, string reason) =>
        Assert.Equal(
            reason,
            Refused(P(2026, 0.001m), P(2027, decimal.Parse(probability, System.Globalization.CultureInfo.InvariantCulture)))
        );

    [Theory]
    [InlineData(1582)]
    [InlineData(9999)]
    public void Years_that_no_window_can_have_are_refused(int year) =>
        Assert.Equal($"0.5 by {year}-12-31 is not in the years 1583 to 9998", Refused(P(year, 0.5m)));

    [Fact]
    public void A_curve_has_1_to_100_points()
    {
        ForecastPoint[] many = [.. Enumerable.Range(2000, 101).Select(year => P(year, 0.5m))];

        Assert.Equal(100, Read(many[..100]).Count);
        Assert.Equal("a forecast has 1 to 100 points, and this one has 101", Refused(many));
        Assert.Equal("a forecast has 1 to 100 points, and this one has 0", Refused());
    }

    [Fact]
    public void What_is_read_is_a_curve_and_what_is_a_curve_is_read() =>
        Gen.Select(Gen.Int[2026, 2036], Gen.Int[-2, 1003], (year, thousandths) => P(year, thousandths / 1000m))
            .Array[0, 6]
            .Sample(points =>
            {
                var isCurve =
                    points.Length > 0
                    && points.All(a => a.Probability is >= 0.001m and <= 0.999m)
                    && points.All(a => points.Count(b => b.By == a.By) == 1)
                    && points.All(a => points.All(b => a.By <= b.By || a.Probability >= b.Probability));

                Assert.Equal(isCurve, Curve.TryRead(points, out var curve, out _));
                Assert.True(!isCurve || curve!.SequenceEqual(points.OrderBy(point => point.By)));
            });

    [Theory]
    [InlineData(MilestoneKind.Event, Status.Delayed, null)]
    [InlineData(MilestoneKind.Tally, Status.Planned, null)]
    [InlineData(MilestoneKind.Event, Status.Missed, "it is settled as missed; reopen it first, with a reason")]
    [InlineData(MilestoneKind.Question, Status.Open, "a question has no yes or no to forecast; forecast what it is about")]
    public void Only_what_is_open_and_has_a_yes_or_no_can_be_forecast(MilestoneKind kind, Status status, string? reason) =>
        Assert.Equal(reason, Curve.WhyNot(kind, status)?.Reason);
}
