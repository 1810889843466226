using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using MilestoneWatch.Web;
using MilestoneWatch.Web.Views;
using NodaTime;

namespace MilestoneWatch.Tests.Web;

/// <summary>What a milestone's page makes of real entries.</summary>
public sealed class StoryTests(PostgresCluster cluster)
{
    private static readonly LocalDate Due = new(2030, 12, 31);

    [Fact]
    public async Task Silence_is_told_in_the_story_and_is_no_change_on_the_board()
    {
        await using var house = await OpenAsync();
        await house.StatusAsync("site", Status.OnTrack);
        await house.RunAtAsync("2026-09-01T00:00:00Z");

        var page = await PageAsync(house);

        Assert.Equal("Gone quiet", page.Story[0].KindWord);
        Assert.Equal("now on track", page.Row.LastChange!.Sentence);
    }

    [Fact]
    public async Task An_opinion_and_a_look_are_not_blamed_for_having_no_source_but_a_move_is()
    {
        await using var house = await OpenAsync();
        await house.RescheduleAsync("site", "Q4 2030");
        await house.RecordAsync(new RecordRequest("site", new Looked(), "ana"));
        await house.RecordAsync(new RecordRequest("site", new Forecasted([new ForecastPoint(Due, 0.625m)]), "ana"));

        var page = await PageAsync(house);

        Assert.Equal([false, false, true], page.Story.Take(3).Select(entry => entry.NeedsSource));
        Assert.Equal("62.5% by 31 December 2030.", page.Story[0].Sentence);
        Assert.Equal([new ForecastPoint(Due, 0.625m)], page.Row.Forecast);
    }

    [Fact]
    public async Task What_analysts_say_together_is_told_apart_from_what_one_of_them_says()
    {
        await using var house = await OpenAsync();
        await house.RecordAsync(new RecordRequest("site", new Forecasted([new ForecastPoint(Due, 0.55m)]), "ana"));
        await house.RecordAsync(new RecordRequest("site", new Forecasted([new ForecastPoint(Due, 0.8m)]), "ben"));

        var moved = (await PageAsync(house)).Story[0];

        Assert.Equal("Forecast moved", moved.KindWord);
        Assert.Equal("What two analysts say together for 31 December 2030 moved from 55% to 69%.", moved.Sentence);
    }

    [Fact]
    public async Task Forecasts_over_time_are_told_for_the_due_day_as_it_was_and_leave_out_what_was_taken_back()
    {
        await using var house = await OpenAsync();
        var later = new LocalDate(2031, 12, 31);
        await SayAsync(house, "ana", (Due, 0.6m));
        house.Clock.AdvanceDays(1);
        var error = await SayAsync(house, "ben", (Due, 0.01m));
        house.Clock.AdvanceDays(1);
        await SayAsync(house, "ben", (Due, 0.6m), (later, 0.9m));
        house.Clock.AdvanceDays(1);
        await house.RescheduleAsync("site", "by end of 2031");
        house.Clock.AdvanceDays(1);
        await house.Mw.Recorder.RetractAsync(error, "misread", "ana", CancellationToken.None);

        var page = await PageAsync(house);

        Assert.Equal(
            [(Due, 0.6m, 1), (Due, 0.6m, 2), (later, 0.9m, 1)],
            page.ForecastOverTime.Select(step => (step.By, step.Probability!.Value, step.Analysts))
        );
        Assert.Equal([(Due, false), (later, true)], page.ForecastNow.Select(day => (day.By, day.Due)));
        Assert.Equal([0.6m, 0.6m], page.ForecastNow[0].Each);
    }

    [Fact]
    public async Task Where_nobody_forecast_there_is_nothing_to_draw() =>
        Assert.Empty((await PageAsync(await OpenAsync())).ForecastOverTime);

    private static Task<long> SayAsync(House house, string analyst, params (LocalDate By, decimal Probability)[] points) =>
        house.RecordAsync(
            new RecordRequest("site", new Forecasted([.. points.Select(point => new ForecastPoint(point.By, point.Probability))]), analyst)
        );

    private async Task<House> OpenAsync()
    {
        var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "by end of 2030", quietDays: 90);
        return house;
    }

    private static async Task<MilestoneView> PageAsync(House house) =>
        (await new BoardReader(house.Mw.Database, house.Clock).ReadMilestoneAsync("site", null, CancellationToken.None))!;
}
