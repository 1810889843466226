using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Tests.Digests;

namespace MilestoneWatch.Tests.Web.Desk;

/// <summary>The desk as an analyst uses it, in a browser.</summary>
public sealed class DeskInChromiumTests(PostgresCluster cluster, Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task A_moved_date_is_read_while_it_is_typed_its_mail_shows_beside_it_and_the_keyboard_records_it()
    {
        Assert.SkipWhen(chromium.Browser is null, $"{Chromium.Executable} is not here");
        await using var desk = await DeskHouse.OpenAsync(cluster);
        await desk.House.JoinAsync("ada@example.org", Cadence.Immediate);
        await using var context = await SignedInAsync(desk, new());
        var page = await context.NewPageAsync();
        var problems = new List<string>();
        page.Console += (_, message) => problems.Add(message.Text);
        page.PageError += (_, error) => problems.Add(error);
        await page.GotoAsync(At(desk, "/desk"));
        await page.GetByRole(AriaRole.Link, new() { Name = "The site", Exact = true }).Last.ClickAsync();

        await page.GetByLabel("The date moved").CheckAsync();
        await page.GetByLabel("The date, as printed").PressSequentiallyAsync("Q1 2027");
        await Assertions.Expect(page.Locator("#phrase-reading")).ToHaveTextAsync("Read as 1 January to 31 March 2027.");
        await Assertions.Expect(page.FrameLocator("iframe[name=mail]").GetByText("moved from Q4 2026 to Q1 2027")).ToBeVisibleAsync();
        Assert.Equal("Q4 2026", (await desk.House.MilestoneAsync("site")).Phrase);
        await page.GetByLabel("A note in your words").FillAsync("Said at the partner day.");
        await page.Keyboard.PressAsync("Control+Enter");

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Recorded as entry");
        Assert.Equal("Q1 2027", (await desk.House.MilestoneAsync("site")).Phrase);
        await page.GetByRole(AriaRole.Link, new() { Name = "Take it back" }).ClickAsync();
        await page.GetByLabel("Why it was a mistake").FillAsync("It was another site.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it back" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Taken back");
        Assert.Equal("Q4 2026", (await desk.House.MilestoneAsync("site")).Phrase);
        Assert.Empty(problems);
    }

    [Fact]
    public async Task Without_scripts_the_same_form_records_and_its_button_shows_the_mail()
    {
        Assert.SkipWhen(chromium.Browser is null, $"{Chromium.Executable} is not here");
        await using var desk = await DeskHouse.OpenAsync(cluster);
        await using var context = await SignedInAsync(desk, new() { JavaScriptEnabled = false });
        var page = await context.NewPageAsync();
        await page.GotoAsync(At(desk, "/desk/m/site"));

        await page.GetByLabel("It happened, or its status changed").CheckAsync();
        await page.GetByLabel("The status").SelectOptionAsync("delayed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the mail" }).ClickAsync();
        await Assertions.Expect(page.FrameLocator("iframe[name=mail]").GetByText("delayed").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Record it" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Recorded as entry");
        Assert.Equal(Status.Delayed, (await desk.House.MilestoneAsync("site")).State.Status);
    }

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_nobody_else_is_asked_and_nothing_hangs_over_the_edge(int width, ColorScheme scheme)
    {
        Assert.SkipWhen(chromium.Browser is null, $"{Chromium.Executable} is not here");
        await using var desk = await DeskHouse.OpenAsync(cluster, "admin");
        await desk.House.CountedAsync();
        var reader = await desk.House.JoinAsync("ada.with.a.long.address@a-long-domain.example.org", Cadence.Weekly);
        await desk.House.RescheduleAsync("site", "Q1 2027", note: "At *the* prompt.");
        await desk.House.RunAtAsync("2026-06-08T06:00:00Z");
        var moved = await desk.House.ScalarAsync<long>("select max(position) from entries where kind = 'rescheduled'");
        string[] addresses =
        [
            "/desk",
            "/desk/audit",
            "/desk/m/site?what=status&status=achieved",
            "/desk/m/site?what=forecast",
            "/desk/m/power?what=progress",
            "/desk/m/customers?what=evidence",
            $"/desk/undo/{moved}",
            "/desk/readers",
            $"/desk/readers/{reader.Id}",
            "/desk/account",
        ];
        await using var context = await SignedInAsync(
            desk,
            new()
            {
                ViewportSize = new() { Width = width, Height = 900 },
                ColorScheme = scheme,
            }
        );
        var asked = new System.Collections.Concurrent.ConcurrentBag<string>();
        context.Request += (_, request) => asked.Add(request.Url);
        var page = await context.NewPageAsync();
        var found = new List<string>();
        foreach (var address in addresses)
        {
            await page.GotoAsync(At(desk, address), new() { WaitUntil = WaitUntilState.NetworkIdle });
            foreach (var details in await page.Locator("details").AllAsync())
            {
                await details.EvaluateAsync("details => details.open = true");
            }
            // the frame holds a mail, which may run nothing, axe neither; the mails' own tests judge it
            await page.EvaluateAsync("document.querySelector('iframe')?.replaceWith('the mail')");
            var result = await page.RunAxe();
            found.AddRange(result.Violations.Select(violation => $"{address}: {PublicPagesInChromiumTests.Told(violation)}"));
            var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (wide > width)
            {
                found.Add($"{address} is {wide} wide");
            }
        }

        Assert.True(found.Count == 0, string.Join("\n", found));
        Assert.All(asked, url => Assert.StartsWith(At(desk, "/"), url, StringComparison.Ordinal));
    }

    private static string At(DeskHouse desk, string address) => new Uri(desk.Served.Client.BaseAddress!, address).AbsoluteUri;

    private async Task<IBrowserContext> SignedInAsync(DeskHouse desk, BrowserNewContextOptions options)
    {
        var context = await chromium.Browser!.NewContextAsync(options);
        await context.AddCookiesAsync([
            new()
            {
                Name = "__Host-mw-session",
                Value = desk.Secret,
                // a secure cookie; on this machine itself it is sent over HTTP too
                Url = At(desk, "/").Replace("http:", "https:", StringComparison.Ordinal),
                Secure = true,
                HttpOnly = true,
            },
        ]);
        return context;
    }
}
