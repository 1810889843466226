using System.Text.Json;
using Microsoft.Playwright;

namespace MilestoneWatch.Tests.Digests;

/// <summary>Every golden mail in a browser, on a phone and at a desk, in both schemes.</summary>
public sealed class MailInChromiumTests(Chromium chromium) : IClassFixture<Chromium>
{
    // of each text: its contrast with the nearest ground behind it, and how large it must be
    private const string Faint = """
        () => {
          const rgb = colour => colour.match(/[\d.]+/g).map(Number);
          const light = ([r, g, b]) => {
            const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
            return 0.2126 * x + 0.7152 * y + 0.0722 * z;
          };
          const ground = element => {
            for (; element; element = element.parentElement) {
              const colour = rgb(getComputedStyle(element).backgroundColor);
              if (colour.length < 4 || colour[3] > 0) return colour;
            }
            return [255, 255, 255];
          };
          const contrast = (a, b) => {
            const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
            return (high + 0.05) / (low + 0.05);
          };
          const faint = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const [text, element] = [walker.currentNode.textContent.trim(), walker.currentNode.parentElement];
            if (text === '' || parseFloat(getComputedStyle(element).fontSize) < 2) continue;
            const found = contrast(rgb(getComputedStyle(element).color), ground(element));
            if (found < 4.5) faint.push(`${found.toFixed(2)}: ${text}`);
          }
          // what a picture draws needs 3 to 1 (WCAG 1.4.11); a fading edge and a track say nothing of their own
          for (const cell of document.querySelectorAll('.now, .was')) {
            const track = cell.parentElement.querySelector('.track') ?? cell.closest('[role=img]');
            const found = contrast(rgb(getComputedStyle(cell).backgroundColor), ground(track));
            if (found < 3) faint.push(`${found.toFixed(2)}: .${cell.className}`);
          }
          return faint;
        }
        """;

    public static TheoryData<string> Mails() => [.. Golden.HtmlFiles().Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Mails))]
    public async Task It_fits_and_can_be_read_at_320_and_640_in_light_and_dark(string mail)
    {
        Assert.SkipWhen(chromium.Browser is null, $"{Chromium.Executable} is not here");
        var html = await File.ReadAllTextAsync(
            Golden.HtmlFiles().Single(file => Path.GetFileNameWithoutExtension(file) == mail),
            TestContext.Current.CancellationToken
        );
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach (var width in new[] { 320, 640 })
            {
                await using var context = await chromium.Browser.NewContextAsync(
                    new()
                    {
                        ColorScheme = scheme,
                        ViewportSize = new() { Width = width, Height = 800 },
                    }
                );
                var page = await context.NewPageAsync();
                var asked = new List<string>();
                page.Request += (_, request) => asked.Add(request.Url);
                await page.SetContentAsync(html);

                Assert.Equal(width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
                Assert.Empty((await page.EvaluateAsync<JsonElement>(Faint)).EnumerateArray().Select(text => text.GetString()));
                Assert.Empty(asked);
            }
        }
    }
}
