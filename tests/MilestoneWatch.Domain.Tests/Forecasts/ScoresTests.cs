using CsCheck;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Forecasts;

public sealed class ScoresTests
{
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];
    private static readonly LocalDate By = Given.Today.PlusDays(9);
    private static readonly Instant After = Given.Start + Duration.FromDays(400);

    private static RecordedCurve Curve(int analyst, double days, decimal p) => Given.Curve(analyst, days, (By, p));

    private static Score Only(MilestoneState state, params RecordedCurve[] curves) =>
        Assert.Single(Scores.Of(curves, state, DateTimeZone.Utc, After));

    [Theory]
    [InlineData(Status.Achieved, 0, Outcome.Happened)]
    [InlineData(Status.Achieved, 1, Outcome.DidNotHappen)]
    [InlineData(Status.Achieved, null, Outcome.Unresolved)]
    [InlineData(Status.Missed, -5, Outcome.DidNotHappen)]
    [InlineData(Status.Cancelled, -5, Outcome.Void)]
    [InlineData(Status.Answered, -5, Outcome.Void)]
    [InlineData(Status.AtRisk, -5, Outcome.Unresolved)]
    public void What_settled_it_and_when_decides_before_the_day_has_passed(Status status, int? daysAfter, Outcome expected)
    {
        var state = Given.State(status, daysAfter is { } days ? By.PlusDays(days) : null);

        Assert.Equal(expected, Scores.OutcomeOf(state, By, Paris, Given.Start));
    }

    [Fact]
    public void A_day_has_passed_at_its_midnight_in_the_milestones_zone()
    {
        var midnight = Paris.AtStartOfDay(By.PlusDays(1)).ToInstant();
        var open = Given.State(Status.OnTrack);

        Assert.Equal(Outcome.Unresolved, Scores.OutcomeOf(open, By, Paris, midnight - Duration.Epsilon));
        Assert.Equal(Outcome.DidNotHappen, Scores.OutcomeOf(open, By, Paris, midnight));
    }

    [Fact]
    public void A_late_record_of_an_earlier_happening_turns_a_no_into_a_yes()
    {
        Assert.False(Only(Given.State(Status.OnTrack), Curve(1, 0, 0.7m)).Happened);
        Assert.True(Only(Given.State(Status.Achieved, By), Curve(1, 0, 0.7m)).Happened);
    }

    [Fact]
    public void Each_point_is_scored_on_its_own_day_and_rescheduling_changes_nothing()
    {
        var curve = Given.Curve(1, 0, (By, 0.2m), (By.PlusDays(1), 0.6m));
        var state = Given.State(Status.Achieved, By.PlusDays(1));

        var scores = Scores.Of([curve], state, DateTimeZone.Utc, After);

        Assert.Equal([(By, false, 0.04), (By.PlusDays(1), true, 0.16)], scores.Select(s => (s.By, s.Happened, s.Points[0].Brier)));
        var moved = state with
        {
            Window = new(null, new LocalDate(2030, 1, 1), Domain.Windows.Precision.Day),
            WindowPosition = 9,
            Moves = 3,
        };
        Assert.Equal(
            scores.Select(s => (s.By, s.TimeWeightedBrier, s.TimeWeightedLog)),
            Scores.Of([curve], moved, DateTimeZone.Utc, After).Select(s => (s.By, s.TimeWeightedBrier, s.TimeWeightedLog))
        );
    }

    [Fact]
    public void Cancelled_voids_every_score() =>
        Assert.Empty(Scores.Of([Curve(1, 0, 0.7m)], Given.State(Status.Cancelled, By), DateTimeZone.Utc, After));

    [Fact]
    public void A_day_to_come_has_no_score_yet() =>
        Assert.Empty(Scores.Of([Curve(1, 0, 0.7m)], Given.State(Status.OnTrack), DateTimeZone.Utc, Given.Start));

    [Fact]
    public void Over_time_each_point_counts_for_as_long_as_it_stood()
    {
        var score = Only(Given.State(Status.Delayed), Curve(1, 0, 0.8m), Curve(1, 4, 0.6m), Curve(1, 9, 0.1m));

        Assert.Equal([0.64, 0.36, 0.01], score.Points.Select(point => point.Brier));
        Assert.Equal((4 * 0.64 + 5 * 0.36 + 1 * 0.01) / 10, score.TimeWeightedBrier, 1e-12);
        Assert.Equal((4 * Math.Log(0.2) + 5 * Math.Log(0.4) + Math.Log(0.9)) / 10, score.TimeWeightedLog, 1e-12);
    }

    [Fact]
    public void Time_begins_with_the_analysts_own_first_point_for_that_day()
    {
        var early = Given.Curve(1, 0, (By.PlusYears(1), 0.9m));

        var scores = Scores.Of([early, Curve(1, 5, 0.8m), Curve(2, 0, 0.5m)], Given.State(Status.Delayed), DateTimeZone.Utc, After);

        Assert.Equal([0.64, 0.25], scores.Where(score => score.By == By).Select(score => score.TimeWeightedBrier));
    }

    [Fact]
    public void After_an_early_yes_the_last_point_before_it_goes_on_counting_until_the_day()
    {
        // 0.2 for two days, then 0.6: the clock stopped at the happening would give (2 · 0.64 + 1 · 0.16) / 3 instead
        var score = Only(Given.State(Status.Achieved, Given.Today.PlusDays(3)), Curve(1, 0, 0.2m), Curve(1, 2, 0.6m));

        Assert.Equal((2 * 0.64 + 8 * 0.16) / 10, score.TimeWeightedBrier, 1e-12);
    }

    [Theory]
    [InlineData(Status.Achieved)]
    [InlineData(Status.Missed)]
    public void What_is_recorded_from_the_start_of_the_settling_day_does_not_count(Status status)
    {
        var happened = Given.Today.PlusDays(3);
        var begins = Paris.AtStartOfDay(happened).ToInstant();
        RecordedCurve At(int n, Instant recorded, decimal p) => Curve(1, n, p) with { RecordedAt = recorded };
        RecordedCurve[] curves = [At(0, Given.Start, 0.5m), At(1, begins - Duration.Epsilon, 0.6m), At(2, begins, 0.999m)];

        var score = Assert.Single(Scores.Of(curves, Given.State(status, happened), Paris, After));

        Assert.Equal([0.5m, 0.6m], score.Points.Select(point => point.Probability));
    }

    [Fact]
    public void A_point_recorded_once_its_day_has_passed_does_not_count()
    {
        Assert.Single(Only(Given.State(Status.Achieved, By.PlusDays(20)), Curve(1, 9.99, 0.4m), Curve(1, 10, 0.001m)).Points);
        Assert.Empty(Scores.Of([Curve(1, 10, 0.001m)], Given.State(Status.OnTrack), DateTimeZone.Utc, After));
    }

    [Fact]
    public void Leaving_the_day_out_of_a_later_curve_takes_nothing_back()
    {
        var without = Given.Curve(1, 1, (By.PlusYears(1), 0.9m));

        Assert.Equal(
            0.64,
            Scores.Of([Curve(1, 0, 0.8m), without], Given.State(Status.Delayed), DateTimeZone.Utc, After)[0].TimeWeightedBrier,
            1e-12
        );
    }

    [Fact]
    public void One_point_kept_to_the_end_scores_the_same_over_time() =>
        Gen.Select(Gen.Double[0, 9], Gen.Int[1, 999], Gen.Int[0, 20])
            .Sample(
                (days, thousandths, on) =>
                {
                    var state = Given.State(Status.Achieved, Given.Today.PlusDays(10 + on));
                    var score = Only(state, Curve(1, days, thousandths / 1000m));
                    Assert.Equal(score.Points[0].Brier, score.TimeWeightedBrier, 1e-12);
                    Assert.Equal(score.Points[0].Log, score.TimeWeightedLog, 1e-12);
                }
            );

    [Fact]
    public void Saying_what_one_believes_is_best_by_both_scores() =>
        Gen.Select(Gen.Int[1, 999], Gen.Int[1, 999])
            .Where((truth, said) => truth != said)
            .Sample(
                (truth, said) =>
                {
                    var (p, q) = (truth / 1000m, said / 1000m);
                    Assert.True(Expected(Scores.Brier, p, p) < Expected(Scores.Brier, q, p));
                    Assert.True(Expected(Scores.Log, p, p) > Expected(Scores.Log, q, p));
                }
            );

    private static double Expected(Func<decimal, bool, double> score, decimal said, decimal truth) =>
        (double)truth * score(said, true) + (double)(1 - truth) * score(said, false);

    [Fact]
    public void Over_time_a_high_start_can_pay_which_is_why_points_are_scored_singly_too()
    {
        // it happens on the second day with chance 0.3 or never, and everybody knows it
        double Expects(decimal first) =>
            0.3 * Only(Given.State(Status.Achieved, Given.Today.PlusDays(1)), Curve(1, 0, first)).TimeWeightedBrier
            + 0.7 * Only(Given.State(Status.Delayed), Curve(1, 0, first), Curve(1, 1, 0.001m)).TimeWeightedBrier;

        Assert.True(Expects(0.8m) < Expects(0.3m));
    }
}
