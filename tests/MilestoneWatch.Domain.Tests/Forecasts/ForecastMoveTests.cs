using CsCheck;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Forecasts;

public sealed class ForecastMoveTests
{
    private static readonly LocalDate Later = Given.D.PlusYears(1);
    private readonly List<Entry> entries = [];
    private MilestoneState state = Given.State(Status.OnTrack);

    public ForecastMoveTests() => Due(Given.D);

    private static MilestoneState StateAt(MilestoneState state, LocalDate? latest, long position) =>
        state with
        {
            Window = new Window(null, latest, Precision.Day),
            WindowPosition = position,
        };

    private void Write(EntryKind kind, Change? change = null, int? analyst = null, long? retracts = null) =>
        entries.Add(
            new Entry
            {
                Position = entries.Count + 1,
                Kind = kind,
                RecordedAt = Given.Start,
                Actor = analyst is { } n ? Given.Analyst(n) : null,
                Retracts = retracts,
                Body = change is null ? null : new EntryBody(change),
                State = state,
            }
        );

    private void Due(LocalDate? latest)
    {
        state = StateAt(state, latest, entries.Count + 1);
        Write(EntryKind.Rescheduled);
    }

    /// <summary>Records a forecast as the recorder would: what follows from it is written after it.</summary>
    private ForecastMove? Say(int analyst, params (LocalDate By, decimal Probability)[] points)
    {
        Write(EntryKind.Forecast, new Forecasted([.. points.Select(point => new ForecastPoint(point.By, point.Probability))]), analyst);
        return Follow();
    }

    private ForecastMove? Say(decimal probability) => Say(1, (Given.D, probability));

    private ForecastMove? Retract(long position)
    {
        Write(EntryKind.Retracted, new Retracted(position, "a slip"), 1, position);
        return Follow();
    }

    private ForecastMove? Follow()
    {
        var move = ForecastMove.After(entries);
        if (move is not null)
        {
            Write(EntryKind.ForecastMoved);
        }
        return move;
    }

    private static ForecastMove Moved(decimal from, decimal to, LocalDate? by = null) => new(by ?? Given.D, from, to);

    [Fact]
    public void The_first_forecast_is_where_it_starts_from()
    {
        Assert.Null(Say(0.4m));
        Assert.Equal(Moved(0.4m, 0.5m), Say(0.5m));
    }

    [Theory]
    [InlineData(0.4, 0.499, false)]
    [InlineData(0.4, 0.5, true)]
    [InlineData(0.5, 0.4, true)]
    [InlineData(0.8, 0.7, true)]
    [InlineData(0.3, 0.201, false)]
    public void Ten_points_either_way_are_enough_and_less_is_not(double from, double to, bool said)
    {
        Say((decimal)from);

        Assert.Equal(said, Say((decimal)to) is not null);
    }

    [Fact]
    public void Small_steps_add_up_and_are_said_once()
    {
        Say(0.4m);

        Assert.Null(Say(0.45m));
        Assert.Equal(Moved(0.4m, 0.51m), Say(0.51m));
        Assert.Null(Say(0.55m));
        Assert.Null(Say(0.42m));
        Assert.Equal(Moved(0.51m, 0.41m), Say(0.41m));
    }

    [Fact]
    public void It_is_the_aggregate_that_has_to_move()
    {
        Say(1, (Given.D, 0.5m));
        Assert.Null(Say(2, (Given.D, 0.6m)));

        // odds of 1 and 16 meet at 4
        Assert.Equal(Moved(0.5m, 0.8m), Say(2, (Given.D, 16 / 17m)));
    }

    [Fact]
    public void Forecasts_for_other_days_than_the_latest_say_nothing()
    {
        Say(1, (Later, 0.2m));

        Assert.Null(Say(1, (Later, 0.9m)));
    }

    [Fact]
    public void A_moved_window_starts_from_what_stood_for_its_own_day_as_it_was_set()
    {
        Say(1, (Given.D, 0.3m), (Later, 0.6m));
        Due(Later);

        Assert.Equal(Moved(0.6m, 0.8m, Later), Say(1, (Given.D, 0.3m), (Later, 0.8m)));
    }

    [Fact]
    public void A_window_that_moved_away_and_back_starts_anew()
    {
        Say(0.3m);
        Say(0.39m);
        Due(Later);
        Due(Given.D);

        Assert.Null(Say(0.48m));
        Assert.Equal(Moved(0.39m, 0.49m), Say(0.49m));
    }

    [Fact]
    public void A_retraction_moves_it_back_and_what_was_said_stays_said()
    {
        Say(0.3m);
        Say(0.7m);
        Assert.Equal(Moved(0.7m, 0.3m), Retract(3));
        Assert.Null(Retract(2));
        Assert.Null(Say(0.35m));
    }

    [Fact]
    public void A_redacted_forecast_no_longer_counts()
    {
        Say(0.3m);
        Say(2, (Given.D, 0.35m));
        entries[^1] = entries[^1] with { Body = null };

        Assert.Equal([(2L, Given.Analyst(1))], RecordedCurve.Of(entries).Select(curve => (curve.Position, curve.Analyst)));
    }

    [Fact]
    public void Nothing_is_said_while_the_latest_day_is_open()
    {
        Due(null);
        Say(0.3m);

        Assert.Null(Say(0.9m));
    }

    [Fact]
    public void Nothing_is_said_of_what_is_settled()
    {
        Say(0.3m);
        state = state with { Status = Status.Achieved };

        Assert.Null(Say(0.9m));
    }

    [Fact]
    public void The_threshold_is_the_milestones_own()
    {
        ForecastPoint said = new(Given.D, 0.4m);

        Assert.Null(ForecastMove.Between(said, said with { Probability = 0.42m }, 3));
        Assert.Equal(Moved(0.4m, 0.43m), ForecastMove.Between(said, said with { Probability = 0.43m }, 3));
        Assert.Null(ForecastMove.Between(said, new(Later, 0.9m), 3));
    }

    [Fact]
    public void What_has_not_been_said_is_always_less_than_the_threshold() =>
        Gen.Int[1, 999]
            .Array[1, 30]
            .Sample(steps =>
            {
                var book = new ForecastMoveTests();
                var said = steps[0] / 1000m;
                foreach (var p in steps.Select(step => step / 1000m))
                {
                    var move = book.Say(p);
                    Assert.Equal(Math.Abs(p - said) >= 0.1m ? Moved(said, p) : null, move);
                    said = move?.To ?? said;
                }
            });
}
