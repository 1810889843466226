using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Tests.Forecasts;

/// <summary>Forecasts through the recorder, into the ledger, and as they were known then.</summary>
public sealed class ForecastRecordTests(PostgresCluster cluster)
{
    private static readonly LocalDate Due = new(2026, 9, 30);

    [Fact]
    public async Task A_curve_is_kept_whole_and_replaces_the_analysts_earlier_one()
    {
        await using var house = await OpenAsync();
        await SayAsync(house, "ana", 0.3m);
        await SayAsync(house, "ana", 0.35m);

        var aggregate = await AggregateAsync(house);

        Assert.Equal(0.35m, aggregate.At(Due)!.Rounded.Probability);
        Assert.Equal(2, await house.ScalarAsync<int>("select count(*) from forecast_points"));
    }

    [Theory]
    [InlineData(0.0005)]
    [InlineData(1)]
    [InlineData(-0.5)]
    public async Task Certainty_is_refused(double probability)
    {
        await using var house = await OpenAsync();

        var outcome = await TryAsync(house, "ana", (Due, (decimal)probability));

        Assert.Contains("0.001 to 0.999", Assert.IsType<RecordOutcome.Refused>(outcome).Reason, StringComparison.Ordinal);
        Assert.Equal(0, await house.ScalarAsync<int>("select count(*) from forecasts"));
    }

    [Fact]
    public async Task A_curve_that_falls_is_refused_with_the_reason()
    {
        await using var house = await OpenAsync();

        var outcome = await TryAsync(house, "ana", (Due, 0.5m), (Due.PlusDays(30), 0.4m));

        Assert.Contains("never falls", Assert.IsType<RecordOutcome.Refused>(outcome).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_move_of_ten_points_is_said_with_the_forecast_that_made_it_and_small_steps_add_up()
    {
        await using var house = await OpenAsync();
        await SayAsync(house, "ana", 0.30m);
        await SayAsync(house, "ana", 0.39m);
        Assert.Empty(await MovesAsync(house));

        var third = await SayAsync(house, "ana", 0.41m);
        await SayAsync(house, "ana", 0.45m);

        var said = Assert.Single(await MovesAsync(house));
        Assert.Equal(third + 1, said.Position);
        Assert.Equal(new ForecastShifted(Due, 0.30m, 0.41m, 1), said.Body!.Change);
    }

    [Fact]
    public async Task The_threshold_is_the_milestones_own()
    {
        await using var house = await OpenAsync();
        var definition = (await house.MilestoneAsync("site")).Definition;
        await house.RecordAsync(new RecordRequest("site", new Redefined(definition with { ForecastPoints = 3 }), "ana"));
        await SayAsync(house, "ana", 0.30m);
        await SayAsync(house, "ana", 0.33m);

        Assert.Single(await MovesAsync(house));
    }

    [Fact]
    public async Task A_retracted_forecast_moves_it_back_and_that_is_said_too()
    {
        await using var house = await OpenAsync();
        await SayAsync(house, "ana", 0.30m);
        var error = await SayAsync(house, "ben", 0.9m);
        await house.Mw.Recorder.RetractAsync(error, "typed wrong", "ben", CancellationToken.None);

        Assert.Equal(2, (await MovesAsync(house)).Count);
        Assert.Equal(0.30m, (await AggregateAsync(house)).At(Due)!.Rounded.Probability);
    }

    [Fact]
    public async Task It_is_read_as_it_was_known_then()
    {
        await using var house = await OpenAsync();
        await SayAsync(house, "ana", 0.30m);
        var then = await house.ScalarAsync<long>("select max(position) from entries");
        await SayAsync(house, "ana", 0.80m);

        Assert.Equal(0.30m, (await AggregateAsync(house, then)).At(Due)!.Rounded.Probability);
    }

    [Fact]
    public async Task What_is_settled_and_what_is_a_question_take_no_forecast()
    {
        await using var house = await OpenAsync();
        await house.StatusAsync("site", Status.Cancelled);

        Assert.Contains(
            "reopen it first",
            Assert.IsType<RecordOutcome.Refused>(await TryAsync(house, "ana", (Due, 0.5m))).Reason,
            StringComparison.Ordinal
        );
    }

    private async Task<House> OpenAsync()
    {
        var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        return house;
    }

    private static Task<RecordOutcome> TryAsync(House house, string analyst, params (LocalDate By, decimal Probability)[] points) =>
        house.Mw.Recorder.RecordAsync(
            new RecordRequest("site", new Forecasted([.. points.Select(point => new ForecastPoint(point.By, point.Probability))]), analyst),
            CancellationToken.None
        );

    private static async Task<long> SayAsync(House house, string analyst, decimal probability) =>
        Assert.IsType<RecordOutcome.Recorded>(await TryAsync(house, analyst, (Due, probability))).Position;

    private static async Task<IReadOnlyList<Entry>> MovesAsync(House house) =>
        [.. (await house.HistoryAsync("site")).Where(entry => entry.Kind == EntryKind.ForecastMoved)];

    private static async Task<Aggregate> AggregateAsync(House house, long position = long.MaxValue) =>
        new(RecordedCurve.Of([.. (await house.HistoryAsync("site")).Where(entry => entry.Position <= position)]));
}
