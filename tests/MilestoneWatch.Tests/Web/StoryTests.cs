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

    private async Task<House> OpenAsync()
    {
        var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "by end of 2030", quietDays: 90);
        return house;
    }

    private static async Task<MilestoneView> PageAsync(House house) =>
        (await new BoardReader(house.Mw.Database, house.Clock).ReadMilestoneAsync("site", null, CancellationToken.None))!;
}
