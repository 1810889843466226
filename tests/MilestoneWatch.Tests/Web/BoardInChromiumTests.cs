using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Record;
using MilestoneWatch.Tests.Digests;

namespace MilestoneWatch.Tests.Web;

/// <summary>The strip of days in a browser, as full as it gets.</summary>
public sealed class BoardInChromiumTests(PostgresCluster cluster, Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData(320)]
    [InlineData(390)]
    [InlineData(1280)]
    public async Task The_strip_fits_the_page_and_each_point_can_be_hit(int width)
    {
        Assert.SkipWhen(chromium.Browser is null, $"{Chromium.Executable} is not here");
        await using var house = await ThirtyDaysAsync();
        await using var context = await chromium.Browser.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = 800 },
            }
        );
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(house.Client.BaseAddress!, "/?asOf=2026-06-10").AbsoluteUri);

        var sizes = await page.EvaluateAsync<double[][]>(
            """
            () => [...document.querySelectorAll('.strip a')].map(a => a.getBoundingClientRect()).map(box => [box.width, box.height, box.right])
            """
        );

        Assert.Equal(24, sizes.Length);
        // WCAG 2.5.8
        Assert.All(sizes, size => Assert.True(size[0] >= 24 && size[1] >= 24 && size[2] <= width, string.Join(", ", size)));
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task Without_scripts_a_reader_narrows_the_board_and_then_goes_back_in_time()
    {
        Assert.SkipWhen(chromium.Browser is null, $"{Chromium.Executable} is not here");
        await using var house = await ThirtyDaysAsync();
        await using var context = await chromium.Browser.NewContextAsync(new() { JavaScriptEnabled = false });
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(house.Client.BaseAddress!, "/").AbsoluteUri);

        await page.GetByLabel("Search").FillAsync("SITE");
        await page.GetByLabel("planned").CheckAsync();
        await page.GetByText("Show these").ClickAsync();
        await page.GetByLabel("As known on 28 May 2026").ClickAsync();

        Assert.Equal("?status=planned&q=SITE&asOf=2026-05-28", new Uri(page.Url).Query);
        Assert.Contains("1 of 2 milestones: planned, with “SITE”.", await page.ContentAsync(), StringComparison.Ordinal);
        await page.GetByText("Show all 2 milestones").ClickAsync();
        Assert.Equal("?asOf=2026-05-28", new Uri(page.Url).Query);
    }

    private async Task<ServedHouse> ThirtyDaysAsync()
    {
        var house = await ServedHouse.OpenAsync(cluster);
        await house.House.PromiseAsync("plant", "2027");
        for (var day = 0; day < 30; day++)
        {
            house.House.Clock.AdvanceDays(1);
            await house.House.RecordAsync(new RecordRequest("plant", new Looked(), "ana"));
        }
        house.House.Clock.AdvanceDays(1);
        return house;
    }
}
