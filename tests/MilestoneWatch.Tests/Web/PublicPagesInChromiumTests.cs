using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using MilestoneWatch.Tests.Digests;
using NodaTime;

namespace MilestoneWatch.Tests.Web;

/// <summary>Every public page in a browser: axe finds nothing, nothing is asked of anybody else, and nothing hangs over the edge.</summary>
public sealed class PublicPagesInChromiumTests(PostgresCluster cluster, Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string[] Addresses =
    [
        "/",
        "/?q=site",
        "/?q=atlantis",
        "/?asOf=2026-06-02",
        "/?page=9",
        "/m/site",
        "/m/power",
        "/m/customers",
        "/m/does-it-pay",
        "/m/power?asOf=2026-06-02",
        "/m/nowhere",
        "/record",
        "/api",
        "/subscribe",
        "/subscribe?topics=site&lang=fr",
    ];

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_and_nobody_else_is_asked_for_anything(int width, ColorScheme scheme)
    {
        Assert.SkipWhen(chromium.Browser is null, $"{Chromium.Executable} is not here");
        await using var house = await FullHouseAsync();
        await using var context = await chromium.Browser.NewContextAsync(
            new()
            {
                ViewportSize = new() { Width = width, Height = 900 },
                ColorScheme = scheme,
            }
        );
        var asked = new ConcurrentBag<string>();
        context.Request += (_, request) => asked.Add(request.Url);
        var page = await context.NewPageAsync();
        var found = new List<string>();
        foreach (var address in Addresses)
        {
            await page.GotoAsync(new Uri(house.Client.BaseAddress!, address).AbsoluteUri);
            foreach (var details in await page.Locator("details").AllAsync())
            {
                await details.EvaluateAsync("details => details.open = true");
            }
            var result = await page.RunAxe();
            found.AddRange(result.Violations.Select(violation => $"{address}: {Told(violation)}"));
            var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (wide > width)
            {
                found.Add($"{address} is {wide} wide");
            }
        }

        Assert.Empty(found);
        Assert.All(asked, url => Assert.StartsWith(house.Client.BaseAddress!.AbsoluteUri, url, StringComparison.Ordinal));
        Assert.True(asked.Count > Addresses.Length);
    }

    [Fact]
    public async Task Axe_would_find_a_fault()
    {
        Assert.SkipWhen(chromium.Browser is null, $"{Chromium.Executable} is not here");
        await using var context = await chromium.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.SetContentAsync("<main><input type='text'><p style='color: #ccc; background: #fff'>pale</p></main>");

        var found = (await page.RunAxe()).Violations.Select(violation => violation.Id).ToList();

        Assert.Contains("label", found);
        Assert.Contains("color-contrast", found);
    }

    internal static string Told(AxeResultItem violation) =>
        $"{violation.Id}: {violation.Help} ({string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))})";

    private async Task<ServedHouse> FullHouseAsync()
    {
        var house = await ServedHouse.OpenAsync(cluster);
        await house.House.CountedAsync();
        await house.House.ImportAsync(
            """
            subject: {slug: acme, name: Acme}
            as_of: 2026-05-28
            milestones:
              - {slug: plant, title: The plant, kind: event, counts_when: it runs, quiet_days: 0}
            questions:
              - {slug: does-it-pay, text: "Does it pay?", about: [plant]}
            """
        );
        await house.House.RunAtAsync("2026-06-02T08:00:00Z");
        await RecordAsync("power", new ProgressRecorded(40), "40 MW run");
        await RecordAsync("power", new Forecasted([new ForecastPoint(new LocalDate(2027, 6, 30), 0.3m)]));
        await RecordAsync("site", new Looked());
        await RecordAsync("site", new Forecasted([new ForecastPoint(new LocalDate(2026, 12, 31), 0.3m)]));
        await house.House.RunAtAsync("2026-06-05T08:00:00Z");
        var error = await RecordAsync("power", new ProgressRecorded(90), "90 MW run");
        await RecordAsync("power", new ProgressRecorded(60), "60 MW run");
        await RecordAsync("site", new Forecasted([new ForecastPoint(new LocalDate(2026, 12, 31), 0.8m)]));
        await house.House.Mw.Recorder.RetractAsync(error, "misread", "ana", CancellationToken.None);
        await house.House.StatusAsync("site", Status.AtRisk);
        await house.House.RescheduleAsync("site", "Q3 2026", "Earlier, they say: [see](https://example.org/).");
        // past the date: it needs a look
        await house.House.RunAtAsync("2026-11-05T08:00:00Z");
        return house;

        Task<long> RecordAsync(string slug, Change change, string? quote = null) =>
            house.House.RecordAsync(
                new RecordRequest(slug, change, "ana")
                {
                    Source = new SourceNamed("Le Pesage", "What runs", "https://example.org/runs"),
                    Standing = change is ProgressRecorded ? Domain.Evidence.Standing.Reported : null,
                    Quote = quote,
                    Verbatim = quote is not null,
                }
            );
    }
}
