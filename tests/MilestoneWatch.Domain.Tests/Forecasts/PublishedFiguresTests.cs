using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Forecasts;

/// <summary>The arithmetic against figures that others published.</summary>
public sealed class PublishedFiguresTests
{
    // "Brier score", Wikipedia: https://en.wikipedia.org/?oldid=147701176&title=Brier_score
    [Theory]
    [InlineData(0.7, 0.09)]
    [InlineData(0.3, 0.49)]
    [InlineData(0.5, 0.25)]
    public void Brier_scores_of_rain_in_Wikipedia(double probability, double score) =>
        Assert.Equal(score, Scores.Brier((decimal)probability, true));

    // "2022 Senate", JHK Forecasts: "a 70% race goes the other way, (.70-0)^2 = .49": https://projects.jhkforecasts.com/forecast-history/2022_senate.html
    [Fact]
    public void Brier_score_of_a_lost_race_by_JHK_Forecasts() => Assert.Equal(0.49, Scores.Brier(0.7m, false));

    // "Brier score loss", scikit-learn user guide, brier_score_loss(y_true, y_prob) = 0.055: https://scikit-learn.org/stable/modules/model_evaluation.html
    [Fact]
    public void Mean_Brier_score_in_the_guide_of_scikit_learn() =>
        Assert.Equal(0.055, Mean(Scores.Brier, (0.1m, false), (0.9m, true), (0.8m, true), (0.4m, false)), 1e-12);

    // sklearn.metrics.log_loss, 0.21616... (natural logarithm, sign turned): https://scikit-learn.org/stable/modules/generated/sklearn.metrics.log_loss.html
    [Fact]
    public void Mean_log_score_in_the_reference_of_scikit_learn() =>
        Assert.Equal(-0.21616, Mean(Scores.Log, (0.9m, true), (0.1m, false), (0.2m, false), (0.65m, true)), 5e-6);

    // logLoss in the R package Metrics, 0.4196267 (sign turned): https://rdrr.io/cran/Metrics/man/logLoss.html
    [Fact]
    public void Mean_log_score_in_the_R_package_Metrics() =>
        Assert.Equal(
            -0.4196267,
            Mean(Scores.Log, (0.9m, true), (0.8m, true), (0.4m, true), (0.5m, false), (0.3m, false), (0.2m, false)),
            5e-8
        );

    // "Raising the forecasting waterline (part 1)", a comment on how Good Judgment scores over time: 80% for six days, 40% for three, and it does
    // not happen: .48, and .64 for who stays at 80%: https://greaterwrong.com/posts/YQ8H4e7z3q8ngev7J/raising-the-forecasting-waterline-part-1/comment/wRghXBYnsdohiQemR
    [Fact]
    public void Time_weighted_Brier_scores_as_Good_Judgment_averages_days()
    {
        var by = Given.Today.PlusDays(8);
        RecordedCurve[] curves = [Given.Curve(1, 0, (by, 0.8m)), Given.Curve(1, 6, (by, 0.4m)), Given.Curve(2, 0, (by, 0.8m))];

        var scores = Scores.Of(curves, Given.State(Status.Missed, by.PlusDays(1)), DateTimeZone.Utc, Given.Start);

        Assert.Equal([0.48, 0.64], scores.Select(score => Math.Round(score.TimeWeightedBrier, 12)));
    }

    // Jaime Sevilla, "When pooling forecasts, use the geometric mean of odds": 1:70, 1:44, 1:255 and 1:249 give 1:118, about 0.84%:
    // https://forum.effectivealtruism.org/posts/sMjcjnnpoAQCcedL2/when-pooling-forecasts-use-the-geometric-mean-of-odds
    [Fact]
    public void Pooled_odds_of_nuclear_war_by_Jaime_Sevilla()
    {
        var p = Pooled(1 / 71m, 1 / 45m, 1 / 256m, 1 / 250m);

        Assert.Equal(0.0084, p, 5e-5);
        Assert.Equal(118, (1 - p) / p, 0.5);
    }

    // geomean_odds in squigglepy (Rethink Priorities), its docstring: https://github.com/rethinkpriorities/squigglepy/blob/main/squigglepy/utils.py
    [Fact]
    public void Pooled_odds_in_squigglepy() => Assert.Equal(0.42985748800076845, Pooled(0.1m, 0.3m, 0.9m), 1e-15);

    // test_geomean_odds and test_weighted_geomean_odds in squigglepy, 0.28 and, with weights 0.5, 0.1, 0.1, 0.1, 0.2, 0.2 to two decimals:
    // https://github.com/rethinkpriorities/squigglepy/blob/main/tests/test_utils.py
    [Fact]
    public void Weighted_pooled_odds_in_squigglepy()
    {
        decimal[] p = [0.1m, 0.2m, 0.3m, 0.4m, 0.5m];
        double[] weights = [0.5, 0.1, 0.1, 0.1, 0.2];
        var aged = p.Select((probability, i) => Given.Curve(i + 1, 30 * Math.Log2(weights[i]), probability));

        Assert.Equal(0.28, Math.Round(Pooled(p), 2));
        Assert.Equal(0.2, Math.Round(Given.Pooled([.. aged]), 2));
    }

    private static double Pooled(params decimal[] p) => Given.Pooled([.. p.Select((probability, i) => Given.Curve(i + 1, 0, probability))]);

    private static double Mean(Func<decimal, bool, double> score, params (decimal Probability, bool Happened)[] said) =>
        said.Average(of => score(of.Probability, of.Happened));
}
