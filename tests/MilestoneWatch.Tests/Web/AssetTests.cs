using System.Net;
using System.Text.RegularExpressions;
using MilestoneWatch.Web;

namespace MilestoneWatch.Tests.Web;

public sealed class AssetTests(ServedPages pages) : IClassFixture<ServedPages>
{
    [Theory]
    [InlineData("page.css", "text/css; charset=utf-8")]
    [InlineData("timeline.css", "text/css; charset=utf-8")]
    [InlineData("board.css", "text/css; charset=utf-8")]
    [InlineData("favicon.svg", "image/svg+xml")]
    public async Task An_asset_is_served_for_good_under_its_own_hash(string name, string type)
    {
        using var response = await pages.Client.GetAsync(EmbeddedAssets.Url(name), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.ToString());
        Assert.Equal(TimeSpan.FromDays(365), response.Headers.CacheControl?.MaxAge);
        Assert.Contains(response.Headers.CacheControl!.Extensions, it => it.Name is "immutable");
        Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Another_versions_hash_gets_what_there_is_but_is_not_cached()
    {
        using var response = await pages.Client.GetAsync("/assets/page.000000000000.css", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoCache);
        Assert.Null(response.Headers.CacheControl?.MaxAge);
    }

    [Theory]
    [InlineData("/assets/other.000000000000.css")]
    [InlineData("/assets/..%2fappsettings.json")]
    public async Task An_unknown_asset_is_not_found(string address)
    {
        using var response = await pages.Client.GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public void Every_ink_reads_on_its_paper_in_light_and_dark()
    {
        using var stream = typeof(EmbeddedAssets).Assembly.GetManifestResourceStream("assets.page.css")!;
        using var reader = new StreamReader(stream);
        var css = reader.ReadToEnd();
        var schemes = Regex.Matches(css, @":root \{[^}]*--paper[^}]*\}", RegexOptions.None, TimeSpan.FromSeconds(1));

        Assert.Equal(2, schemes.Count);
        foreach (var scheme in schemes.Select(match => match.Value))
        {
            var inks = Regex
                .Matches(scheme, "--(?<name>[a-z-]+): (?<hex>#[0-9a-f]{6})", RegexOptions.None, TimeSpan.FromSeconds(1))
                .ToDictionary(ink => ink.Groups["name"].Value, ink => Luminance(ink.Groups["hex"].Value), StringComparer.Ordinal);
            foreach (var (name, luminance) in inks)
            {
                // hairlines only decorate; a rule outlines what must be seen (3:1); the rest is text (4.5:1)
                var least = name switch
                {
                    "paper" or "hairline" => 1,
                    "rule" => 3,
                    _ => 4.5,
                };
                Assert.True(Contrast(luminance, inks["paper"]) >= least, $"{name}: {Contrast(luminance, inks["paper"]):0.00}");
            }
        }
    }

    private static double Contrast(double a, double b) => (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);

    private static double Luminance(string hex)
    {
        double Channel(int at)
        {
            var value = Convert.ToInt32(hex.Substring(at, 2), 16) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }
        return (0.2126 * Channel(1)) + (0.7152 * Channel(3)) + (0.0722 * Channel(5));
    }
}
