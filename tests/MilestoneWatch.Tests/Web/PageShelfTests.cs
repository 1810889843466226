using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Web;

namespace MilestoneWatch.Tests.Web;

/// <summary>A page is made once, and never outlives what it was made from.</summary>
public sealed class PageShelfTests(PostgresCluster cluster)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/?kind=event")]
    [InlineData("/m/site")]
    [InlineData("/record")]
    public async Task A_page_is_made_anew_as_soon_as_something_is_recorded(string address)
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var before = await house.GetAsync(address);
        var again = await house.GetAsync(address);
        await house.House.RescheduleAsync("site", "Q4 2027");
        var after = await house.GetAsync(address);

        Assert.Equal((before.Body, before.Headers["ETag"]), (again.Body, again.Headers["ETag"]));
        Assert.NotEqual(before.Headers["ETag"], after.Headers["ETag"]);
        Assert.NotEqual(before.Body, after.Body);
    }

    [Fact]
    public async Task A_kept_page_is_not_made_again()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        await house.GetAsync("/m/site");
        // an entry that nobody can read: making the page is an error
        await house.House.ExecuteAsync("alter table entries disable trigger entries_are_kept; update entries set body = '!'");

        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync("/m/site")).Status);
        Assert.Equal(HttpStatusCode.InternalServerError, (await house.GetAsync("/m/site?asOf=2026-06-30")).Status);
    }

    [Theory]
    // from the midnight in Paris, which is 22:00 in UTC, it is a day later
    [InlineData("2026-12-30T22:59:00Z", "2026-12-30T23:00:00Z", true)]
    [InlineData("2026-12-30T22:46:00Z", "2026-12-30T22:59:00Z", false)]
    public async Task A_day_that_begins_where_the_milestone_is_ends_what_was_kept(string before, string after, bool another)
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        house.House.Clock.Reset(NodaTime.Text.InstantPattern.General.Parse(before).Value);
        var first = (await house.GetAsync("/m/site")).Body;
        house.House.Clock.Reset(NodaTime.Text.InstantPattern.General.Parse(after).Value);
        var second = (await house.GetAsync("/m/site")).Body;

        Assert.Equal(another, first != second);
    }

    [Fact]
    public async Task Who_has_the_page_is_told_that_it_still_holds_and_not_when_it_no_longer_does()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var tag = (await house.GetAsync("/")).Headers["ETag"];

        var same = await house.GetAsync("/", ("If-None-Match", tag));
        await house.House.StatusAsync("site", Status.Delayed);
        var changed = await house.GetAsync("/", ("If-None-Match", tag));

        Assert.Equal((HttpStatusCode.NotModified, ""), (same.Status, same.Body));
        Assert.Equal((tag, "no-cache"), (same.Headers["ETag"], same.Headers["Cache-Control"]));
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Contains("delayed", changed.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Zipped_and_plain_are_the_same_page()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        using var unzipping = new HttpClient(new HttpClientHandler { AutomaticDecompression = DecompressionMethods.GZip });
        unzipping.BaseAddress = house.Client.BaseAddress;

        var plain = await house.Client.GetStringAsync("/m/site", TestContext.Current.CancellationToken);
        using var zipped = await house.Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "/m/site") { Headers = { { "Accept-Encoding", "gzip" } } },
            TestContext.Current.CancellationToken
        );

        Assert.Equal("gzip", zipped.Content.Headers.ContentEncoding.Single());
        Assert.Equal(plain, await unzipping.GetStringAsync("/m/site", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/m/nowhere", HttpStatusCode.NotFound)]
    [InlineData("/?page=9", HttpStatusCode.NotFound)]
    [InlineData("/?kind=plan", HttpStatusCode.BadRequest)]
    public async Task What_is_not_there_is_not_kept(string address, HttpStatusCode status)
    {
        await using var house = await ServedHouse.OpenAsync(cluster);

        foreach (var _ in (int[])[1, 2])
        {
            var answer = await house.GetAsync(address);
            Assert.Equal(status, answer.Status);
            Assert.DoesNotContain("ETag", answer.Headers.Keys);
        }
    }

    [Fact]
    public async Task A_milestone_with_ever_new_addresses_asked_for_is_still_answered()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);

        for (var i = 0; i <= PageShelf.Most + 1; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await house.GetAsync($"/m/site?i={i}")).Status);
        }
    }

    [Fact]
    public async Task Another_replica_answers_with_the_same_tag()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        await using var mw = await house.House.AnotherAsync();
        await using var other = await ServedHouse.ServeAsync(mw);
        using var client = new HttpClient { BaseAddress = new Uri(other.Urls.Single()) };

        using var answer = await client.GetAsync("/m/site", TestContext.Current.CancellationToken);

        Assert.Equal((await house.GetAsync("/m/site")).Headers["ETag"], answer.Headers.ETag!.ToString());
    }

    [Fact]
    public async Task Pages_made_ahead_are_served_and_whoever_asks_for_other_addresses_does_not_push_them_out()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        await FillTwoPagesAsync(house);
        var shelf = house.Services.GetRequiredService<PageShelf>();

        using (var ahead = Ahead(house))
        {
            Assert.True(await ahead.MakeAsync(await shelf.StandingAsync(CancellationToken.None), CancellationToken.None));
        }
        // an entry that nobody can read: making a page is an error
        await house.House.ExecuteAsync("alter table entries disable trigger entries_are_kept; update entries set body = '!'");
        for (var i = 0; i <= PageShelf.Most + 1; i++)
        {
            await house.GetAsync($"/record?i={i}");
        }

        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync("/")).Status);
        Assert.Contains("site59", (await house.GetAsync("/?page=2")).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.InternalServerError, (await house.GetAsync("/?page=2&per=50")).Status);
    }

    [Fact]
    public async Task Making_ahead_ends_where_something_is_recorded_meanwhile()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        using var ahead = Ahead(house);
        var before = await house.Services.GetRequiredService<PageShelf>().StandingAsync(CancellationToken.None);
        await house.House.StatusAsync("site", Status.Delayed);

        Assert.False(await ahead.MakeAsync(before, CancellationToken.None));
        Assert.Contains("delayed", (await house.GetAsync("/")).Body, StringComparison.Ordinal);
    }

    private static PagesAhead Ahead(ServedHouse house) =>
        new(
            house.Services.GetRequiredService<PageShelf>(),
            house.Services.GetRequiredService<BoardReader>(),
            house.Services.GetRequiredService<IServiceScopeFactory>(),
            NullLogger<PagesAhead>.Instance
        );

    private static async Task FillTwoPagesAsync(ServedHouse house)
    {
        for (var i = 0; i < 60; i++)
        {
            await house.House.PromiseAsync($"site{i}", "Q4 2026");
        }
    }
}
