using System.Net;
using MilestoneWatch.Access;
using MilestoneWatch.Checks;
using MilestoneWatch.Tests.Web;
using MilestoneWatch.Web.Desk;
using NodaTime;

namespace MilestoneWatch.Tests.Access;

public sealed class SessionTests(PostgresCluster cluster)
{
    private const string EndOthers = "/desk/account/sessions/end-others";

    [Fact]
    public async Task A_form_without_the_stamp_of_its_own_session_does_nothing()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var first = await Visitor.SignedInAsync(house);
        house.House.Clock.Advance(Duration.FromMinutes(2));
        var second = await Visitor.SignedInAsync(house);
        var stamp = await first.StampAsync();

        foreach (var address in new[] { EndOthers, "/desk/account/sessions/end", "/desk/account/tokens", "/sign-out" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await first.PostAsync(address)).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await first.PostAsync(address, (DeskGate.Field, ""))).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await first.PostAsync(address, (DeskGate.Field, stamp[..^1]))).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await first.PostAsync(address, (DeskGate.Field, await second.StampAsync()))).Status);
            var foreign = await first.SendAsync(HttpMethod.Post, address, [(DeskGate.Field, stamp)], [("Origin", "https://evil.example")]);
            Assert.Equal(HttpStatusCode.Forbidden, foreign.Status);
        }

        Assert.Equal(2, await house.House.ScalarAsync<long>("select count(*) from sessions"));
        Assert.Equal(HttpStatusCode.SeeOther, (await first.PostAsync(EndOthers, (DeskGate.Field, stamp))).Status);
        Assert.Equal(1, await house.House.ScalarAsync<long>("select count(*) from sessions"));
    }

    [Fact]
    public async Task Sessions_are_listed_and_each_can_be_ended_by_whose_it_is_only()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var here = await Visitor.SignedInAsync(house);
        house.House.Clock.Advance(Duration.FromMinutes(2));
        var there = await Visitor.SignedInAsync(house);
        var bob = await Visitor.SignedInAsync(house, "bob@example.org");
        var id = await house.House.ScalarAsync<long>(
            "select max(s.id) from sessions s join users u on u.id = s.user_id where u.name = 'ana'"
        );

        await bob.ActAsync("/desk/account/sessions/end", ("id", $"{id}"));
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync("/desk/account")).Status);

        var account = (await here.GetAsync("/desk/account")).Body;
        Assert.Contains("this one", account, StringComparison.Ordinal);
        Assert.Contains("28 May 2026, 10:02 Paris", account, StringComparison.Ordinal);
        Assert.Contains($"name=\"id\" value=\"{id}\"", account, StringComparison.Ordinal);
        await here.ActAsync("/desk/account/sessions/end", ("id", $"{id}"));

        Assert.Equal(HttpStatusCode.Found, (await there.GetAsync("/desk/account")).Status);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/desk/account")).Status);
        Assert.DoesNotContain("End all others", (await here.GetAsync("/desk/account")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_a_form_sent_after_it_says_so()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = await Visitor.SignedInAsync(house);
        var (secret, stamp) = (ana.Session, await ana.StampAsync());

        Assert.Equal("You are signed out", (await ana.ActAsync("/sign-out")).Title);
        Assert.Empty(ana.Cookies);
        ana.Cookies[DeskGate.Cookie] = secret;

        Assert.Equal(HttpStatusCode.Found, (await ana.GetAsync("/desk/account")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ana.PostAsync(EndOthers, (DeskGate.Field, stamp))).Status);
    }

    [Fact]
    public async Task Signing_in_again_ends_the_session_that_the_browser_had()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = await Visitor.SignedInAsync(house);
        var before = ana.Session;
        house.House.Clock.Advance(Duration.FromMinutes(2));
        await ana.AskAsync("bob@example.org");
        await ana.PostAsync(await Visitor.LinkAsync(house, "bob@example.org"));

        Assert.NotEqual(before, ana.Session);
        Assert.Equal("bob", (await ana.GetAsync("/desk/account")).Title);
        Assert.Equal(1, await house.House.ScalarAsync<long>("select count(*) from sessions"));
    }

    [Fact]
    public async Task A_session_ends_thirty_days_after_its_last_use()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = await Visitor.SignedInAsync(house);
        house.House.Clock.Advance(Duration.FromDays(29));
        Assert.Equal(HttpStatusCode.OK, (await ana.GetAsync("/desk/account")).Status);
        house.House.Clock.Advance(Duration.FromDays(30) - Duration.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await ana.GetAsync("/desk/account")).Status);
        house.House.Clock.Advance(Duration.FromDays(30));

        Assert.Equal(HttpStatusCode.Found, (await ana.GetAsync("/desk/account")).Status);
    }

    [Fact]
    public async Task A_role_that_changes_counts_at_once_and_the_session_stays()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var bob = await Visitor.SignedInAsync(house, "bob@example.org");
        Assert.DoesNotContain("/desk/readers", (await bob.GetAsync("/desk/account")).Body, StringComparison.Ordinal);

        await PutAsync(house, new Listing(null, "BOB@example.org", null, Role.Admin));
        Assert.Contains("/desk/readers", (await bob.GetAsync("/desk/account")).Body, StringComparison.Ordinal);

        await PutAsync(house, new Listing("bob", "bob@example.org", null, Role.Analyst));
        Assert.DoesNotContain("/desk/readers", (await bob.GetAsync("/desk/account")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bob@other.example")]
    [InlineData(null)]
    public async Task Whose_address_changes_is_signed_out_and_the_link_on_its_way_to_the_old_one_opens_nothing(string? address)
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var bob = await Visitor.SignedInAsync(house, "bob@example.org");
        house.House.Clock.Advance(Duration.FromMinutes(2));
        var again = new Visitor(house);
        await again.AskAsync("bob@example.org");
        var link = await Visitor.LinkAsync(house);

        await PutAsync(house, new Listing("bob", address, null, null));

        Assert.Equal(HttpStatusCode.Found, (await bob.GetAsync("/desk/account")).Status);
        Assert.Equal("This link does not work", (await again.PostAsync(link)).Title);
        Assert.Equal(0, await house.House.ScalarAsync<long>("select count(*) from audiences where purpose = 'sign_in'"));
    }

    [Fact]
    public async Task Whoever_is_removed_is_out_at_once_with_their_programs_and_keeps_their_name_on_record()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = await Visitor.SignedInAsync(house);
        await ana.ActAsync("/desk/account/tokens", ("name", "script"), ("scope", "record"), ("days", ""));
        await using var connection = await house.House.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var analyst = (await AnalystStore.AllAsync(connection, TestContext.Current.CancellationToken)).Single(one => one.Name == "ana");

        await Roster.RemoveAsync(house.House.Mw, analyst, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Found, (await ana.GetAsync("/desk/account")).Status);
        Assert.Equal(
            "ana,,analyst,",
            await house.House.ScalarAsync<string>(
                "select concat_ws(',', name, coalesce(email, ''), role, coalesce(next_nudge_at::text, '')) from users where name = 'ana'"
            )
        );
        Assert.Equal(0, await house.House.ScalarAsync<long>("select count(*) from api_tokens where revoked_at is null"));
        await new Visitor(house).AskAsync("ana@example.org");
        var mails = house.House.Mails().Count;
        await house.House.RunAsync();
        Assert.Equal(mails, house.House.Mails().Count);
    }

    private static Task PutAsync(ServedHouse house, Listing listing) =>
        Roster.PutAsync(house.House.Mw, listing, TestContext.Current.CancellationToken);
}
