using System.Net;

namespace MilestoneWatch.Tests.Web;

public sealed class RobotsTests(PostgresCluster cluster)
{
    [Fact]
    public async Task Search_engines_may_read_what_is_public_and_nothing_personal()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);

        var robots = await house.GetAsync("/robots.txt");

        Assert.Equal((HttpStatusCode.OK, "text/plain; charset=utf-8"), (robots.Status, robots.Headers["Content-Type"]));
        Assert.Equal(
            """
            User-agent: *
            Disallow: /confirm/
            Disallow: /leave/
            Disallow: /nudge/
            Disallow: /settings
            Disallow: /sign-in
            """,
            robots.Body.ReplaceLineEndings("\n").Trim()
        );
    }

    [Theory]
    [InlineData("/", "https://watch.example/")]
    [InlineData("/?asOf=2026-06-01&q=x", "https://watch.example/")]
    [InlineData("/m/site?asOf=2026-06-01", "https://watch.example/m/site")]
    [InlineData("/record", "https://watch.example/record")]
    public async Task A_page_names_the_address_it_is_to_be_found_under(string address, string canonical)
    {
        await using var house = await ServedHouse.OpenAsync(cluster);

        Assert.Equal($"<{canonical}>; rel=\"canonical\"", (await house.GetAsync(address)).Headers["Link"]);
    }
}
