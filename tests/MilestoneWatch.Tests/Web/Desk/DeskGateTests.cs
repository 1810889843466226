using System.Net;

namespace MilestoneWatch.Tests.Web.Desk;

/// <summary>Who gets to the desk, and whose forms it takes.</summary>
public sealed class DeskGateTests(PostgresCluster cluster)
{
    private static readonly (string, string)[] Look = [("what", "look")];

    [Theory]
    [InlineData("/desk")]
    [InlineData("/desk/audit?who=bea")]
    [InlineData("/desk/m/site")]
    [InlineData("/desk/undo/1")]
    [InlineData("/desk/readers")]
    public async Task Without_a_session_every_page_leads_to_signing_in_and_back(string address)
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);

        foreach (var cookie in new[] { "", "__Host-mw-session=", "__Host-mw-session=guess", $"__Host-mw-session={new string('a', 5000)}" })
        {
            var answer = await desk.Served.GetAsync(address, ("Cookie", cookie));

            Assert.Equal(HttpStatusCode.Found, answer.Status);
            Assert.Equal($"/sign-in?to={Uri.EscapeDataString(address)}", answer.Headers["Location"]);
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        }
    }

    [Fact]
    public async Task Without_a_session_a_form_records_nothing_and_says_what_to_do()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);
        var head = await desk.HeadAsync();

        var answer = await desk.Served.PostAsync("/desk/m/site", new FormUrlEncodedContent([KeyValuePair.Create("what", "look")]));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Contains("sign in in another tab", answer.Body, StringComparison.Ordinal);
        Assert.Equal(head, await desk.HeadAsync());
    }

    [Fact]
    public async Task A_form_that_our_page_did_not_make_for_this_session_records_nothing()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);
        var head = await desk.HeadAsync();
        var mine = DeskHouse.Hidden((await desk.GetAsync("/desk/m/site")).Body).ToList();
        var other = await DeskHouse.SignInAsync(desk.House, "carl");
        var theirs = (await desk.Served.GetAsync("/desk/m/site", DeskHouse.Cookie(other))).Body;

        var answers = new[]
        {
            await desk.PostAsync("/desk/m/site", Look),
            await desk.PostAsync("/desk/m/site", [("csrf", "x"), .. Look]),
            await desk.PostAsync("/desk/m/site", [.. DeskHouse.Hidden(theirs), .. Look]),
            await desk.Served.PostAsync(
                "/desk/m/site",
                new FormUrlEncodedContent(mine.Concat(Look).Select(field => KeyValuePair.Create(field.Item1, field.Item2))),
                DeskHouse.Cookie(desk.Secret),
                ("Origin", "https://evil.example")
            ),
        };

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.Status));
        Assert.Equal(head, await desk.HeadAsync());
        // and the same from our page is recorded
        Assert.Equal(HttpStatusCode.SeeOther, (await desk.PostAsync("/desk/m/site", [.. mine, .. Look])).Status);
    }

    [Fact]
    public async Task Readers_are_for_admins_and_a_role_that_is_taken_away_is_gone_at_once()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster, "admin");
        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync("/desk/readers")).Status);

        await desk.House.ExecuteAsync("update users set role = 'analyst' where name = 'bea'");

        var answer = await desk.GetAsync("/desk/readers");
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.DoesNotContain("@example.org", answer.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync("/desk")).Status);
    }

    [Fact]
    public async Task Every_page_allows_one_script_of_ours_and_nothing_inline()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster, "admin");

        foreach (var address in new[] { "/desk", "/desk/audit", "/desk/m/site", "/desk/readers" })
        {
            var answer = await desk.GetAsync(address);
            var policy = answer.Headers["Content-Security-Policy"];

            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.DoesNotContain(" style=", answer.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("onclick", answer.Body, StringComparison.Ordinal);
        }
    }
}
