using System.Net;
using MilestoneWatch.Access;
using MilestoneWatch.Bounces;
using MilestoneWatch.Checks;
using MilestoneWatch.Mail;
using MilestoneWatch.Tests.Web;
using MilestoneWatch.Web.Desk;
using NodaTime;

namespace MilestoneWatch.Tests.Access;

public sealed class SignInTests(PostgresCluster cluster)
{
    [Fact]
    public async Task From_the_page_to_the_desk_through_the_mail()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = new Visitor(house);
        var refused = await ana.GetAsync("/desk/account");
        Assert.Equal((HttpStatusCode.Found, "/sign-in?to=%2Fdesk%2Faccount"), (refused.Status, refused.Headers["Location"]));
        Assert.Contains(
            "name=\"to\" value=\"/desk/account\"",
            (await ana.GetAsync(refused.Headers["Location"])).Body,
            StringComparison.Ordinal
        );

        Assert.Equal("Look in your mailbox", (await ana.AskAsync("Ana@Example.org", "/desk/account")).Title);
        var link = await Visitor.LinkAsync(house);
        var mail = Assert.Single(house.House.Mails());
        Assert.Equal("Your link to sign in to MilestoneWatch", mail.Subject);
        Assert.Equal("ana@example.org", mail.To.ToString());
        Assert.Contains("within ten minutes, in the browser that asked", mail.TextBody, StringComparison.Ordinal);
        Assert.Equal("Sign in as ana", (await ana.GetAsync(link)).Title);
        var signedIn = await ana.PostAsync(link);

        Assert.Equal((HttpStatusCode.SeeOther, "/desk/account"), (signedIn.Status, signedIn.Headers["Location"]));
        var account = await ana.GetAsync("/desk/account");
        Assert.Equal((HttpStatusCode.OK, "ana"), (account.Status, account.Title));
        Assert.Contains("Firefox on Linux", account.Body, StringComparison.Ordinal);
        Assert.Equal("no-store", account.Headers["Cache-Control"]);
        Assert.Equal("/desk", (await ana.GetAsync("/sign-in")).Headers["Location"]);
        Assert.Equal([DeskGate.Cookie], ana.Cookies.Keys);
        Assert.Equal("This link does not work", (await ana.PostAsync(link)).Title);
        Assert.Equal("This link does not work", (await ana.GetAsync(link)).Title);
    }

    [Fact]
    public async Task Fifty_presses_at_once_sign_in_once()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = new Visitor(house);
        await ana.AskAsync("ana@example.org");
        var link = await Visitor.LinkAsync(house);
        var cookie = ("Cookie", $"{SignInEndpoints.BrowserCookie}={ana.Cookies[SignInEndpoints.BrowserCookie]}");

        var presses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => house.PostAsync(link, null, cookie)));

        Assert.Single(presses, press => press.Status == HttpStatusCode.SeeOther);
        Assert.Equal(49, presses.Count(press => press.Status == HttpStatusCode.NotFound));
        Assert.Equal(1, await house.House.ScalarAsync<long>("select count(*) from sessions"));
    }

    [Fact]
    public async Task Two_hundred_looks_at_a_link_change_nothing()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = new Visitor(house);
        await ana.AskAsync("ana@example.org");
        var link = await Visitor.LinkAsync(house);
        var before = await FingerprintAsync(house);

        for (var i = 0; i < 100; i++)
        {
            Assert.DoesNotContain("Set-Cookie", (await ana.GetAsync(link)).Headers.Keys);
            await ana.GetAsync(link, HttpMethod.Head);
        }

        Assert.Equal(before, await FingerprintAsync(house));
        Assert.Equal(HttpStatusCode.SeeOther, (await ana.PostAsync(link)).Status);
    }

    [Fact]
    public async Task In_another_browser_a_link_says_so_and_still_works_in_the_right_one()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var (ana, eve) = (new Visitor(house), new Visitor(house));
        await eve.AskAsync("eve@example.org");
        await ana.AskAsync("ana@example.org", "/desk/account");
        var link = await Visitor.LinkAsync(house);

        foreach (var other in new[] { eve, new Visitor(house) })
        {
            var look = await other.GetAsync(link);
            var press = await other.PostAsync(link);
            Assert.Equal((HttpStatusCode.Forbidden, "This link belongs to another browser"), (look.Status, look.Title));
            Assert.Equal((HttpStatusCode.Forbidden, "This link belongs to another browser"), (press.Status, press.Title));
            Assert.DoesNotContain("ana", look.Body[look.Body.IndexOf("<main", StringComparison.Ordinal)..], StringComparison.Ordinal);
            Assert.Contains("/sign-in?to=%2Fdesk%2Faccount", look.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(DeskGate.Cookie, other.Cookies.Keys);
        }

        Assert.Equal(HttpStatusCode.SeeOther, (await ana.PostAsync(link)).Status);
    }

    [Fact]
    public async Task After_ten_minutes_a_link_opens_nothing()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = new Visitor(house);
        await ana.AskAsync("ana@example.org");
        var link = await Visitor.LinkAsync(house);

        house.House.Clock.Advance(Duration.FromMinutes(10) - Duration.FromMilliseconds(1));
        Assert.Equal("Sign in as ana", (await ana.GetAsync(link)).Title);
        house.House.Clock.Advance(Duration.FromMilliseconds(1));

        Assert.Equal("This link does not work", (await ana.GetAsync(link)).Title);
        var late = await ana.PostAsync(link);
        Assert.Equal((HttpStatusCode.NotFound, "This link does not work"), (late.Status, late.Title));
        Assert.Equal(0, await house.House.ScalarAsync<long>("select count(*) from sessions"));
    }

    [Fact]
    public async Task A_request_that_waited_ten_minutes_is_answered_no_more_and_a_mail_that_did_is_not_sent()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        await new Visitor(house).AskAsync("ana@example.org");
        house.House.Clock.Advance(Duration.FromMinutes(10));
        await house.House.RunAsync();
        Assert.Empty(house.House.Mails());

        await new Visitor(house).AskAsync("ana@example.org");
        await house.House.Mw.SignIns.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.InRange(
            await house.House.ScalarAsync<double>(
                "select extract(epoch from expires_at - clock_timestamp()) / 60 from deliveries where purpose = 'sign_in'"
            ),
            8,
            10
        );
    }

    [Fact]
    public async Task Whoever_asks_is_answered_the_same_and_as_much_is_written_before_they_are()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        await house.House.JoinAsync("reader@example.org", Domain.Subscribers.Cadence.Weekly);
        var answers = new List<string>();
        var written = new List<string?>();
        foreach (var who in new[] { "ana", "bob", "reader", "nobody" })
        {
            var before = await RowsAsync(house);
            var answer = await new Visitor(house).AskAsync($"{who}@example.org");
            answers.Add(
                $"{answer.Status} {answer.Body} "
                    + string.Join('|', answer.Headers.Where(header => header.Key != "Set-Cookie").Select(header => header.ToString()))
                    + answer.Headers["Set-Cookie"].Split('=')[0]
                    + answer.Headers["Set-Cookie"].Length
            );
            written.Add($"{before} {await RowsAsync(house)}");
        }

        Assert.Single(answers.Distinct(StringComparer.Ordinal));
        Assert.Equal(["0 0 0 0 1 1 0 0", "1 1 0 0 2 2 0 0", "2 2 0 0 3 3 0 0", "3 3 0 0 4 4 0 0"], written);
        await house.House.RunAsync();
        Assert.Equal(["ana@example.org", "bob@example.org"], house.House.Mails().Select(mail => mail.To.ToString()).Order());
        Assert.Equal(0, await house.House.ScalarAsync<long>("select count(*) from sign_in_requests"));
    }

    [Fact]
    public async Task A_network_that_asks_too_often_is_told_when_to_come_back_and_keeps_what_it_typed()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        for (var i = 0; i < SignInLimits.PerNetwork; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await FromAsync($"203.0.113.{i}")).Status);
        }

        var busy = await FromAsync("203.0.113.77");

        Assert.Equal((HttpStatusCode.TooManyRequests, "3600"), (busy.Status, busy.Headers["Retry-After"]));
        Assert.Contains("value=\"ana@example.org\"", busy.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"/desk/audit\"", busy.Body, StringComparison.Ordinal);
        Assert.Contains("Try again in 60 minutes", busy.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await FromAsync("198.51.100.1")).Status);

        Task<ServedHouse.Answer> FromAsync(string address) =>
            new Visitor(house).SendAsync(
                HttpMethod.Post,
                "/sign-in",
                [("email", "ana@example.org"), ("to", "/desk/audit")],
                [("X-Forwarded-For", address)]
            );
    }

    [Fact]
    public async Task An_address_gets_one_mail_a_minute_and_ten_an_hour()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var asked = new Visitor(house);
        for (var minute = 0; minute < 12; minute++)
        {
            await asked.AskAsync("ana@example.org");
            await asked.AskAsync("ANA@example.org");
            await house.House.RunAsync();
            house.House.Clock.Advance(Duration.FromMinutes(1));
        }

        Assert.Equal(SignInLimits.MailsAnHour, house.House.Mails().Count);
    }

    [Fact]
    public async Task A_browser_that_asked_twice_may_use_either_mail()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = new Visitor(house);
        await ana.AskAsync("ana@example.org");
        var first = await Visitor.LinkAsync(house);
        house.House.Clock.Advance(Duration.FromMinutes(1));
        await ana.AskAsync("ana@example.org");
        var second = await Visitor.LinkAsync(house);

        Assert.NotEqual(first, second);
        Assert.Equal("Sign in as ana", (await ana.GetAsync(second)).Title);
        Assert.Equal(HttpStatusCode.SeeOther, (await ana.PostAsync(first)).Status);
    }

    [Theory]
    [InlineData("/desk/audit?day=2026-10-05#top", "/desk/audit?day=2026-10-05#top")]
    [InlineData("//evil.example", "/desk")]
    [InlineData("/\\evil.example", "/desk")]
    [InlineData("\\\\evil.example", "/desk")]
    [InlineData("/\t/evil.example", "/desk")]
    [InlineData("/\n/evil.example", "/desk")]
    [InlineData("https://evil.example", "/desk")]
    [InlineData("https:evil.example", "/desk")]
    [InlineData("javascript:alert(1)", "/desk")]
    [InlineData(" /desk", "/desk")]
    [InlineData("desk", "/desk")]
    [InlineData("/desk\r\nSet-Cookie: a=b", "/desk")]
    [InlineData("/désk", "/desk")]
    public async Task One_goes_on_to_a_page_of_ours_only(string to, string goesTo)
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = new Visitor(house);
        var kept = goesTo == to ? WebUtility.HtmlEncode(to) : null;
        var page = await ana.GetAsync($"/sign-in?to={Uri.EscapeDataString(to)}");
        Assert.Equal(kept is not null, page.Body.Contains($"name=\"to\" value=\"{to}\"", StringComparison.Ordinal));

        await ana.AskAsync("ana@example.org", to);
        var signedIn = await ana.PostAsync(await Visitor.LinkAsync(house));

        Assert.Equal((HttpStatusCode.SeeOther, goesTo), (signedIn.Status, signedIn.Headers["Location"]));
        Assert.Equal(goesTo, (await ana.GetAsync($"/sign-in?to={Uri.EscapeDataString(to)}")).Headers["Location"]);
    }

    [Theory]
    [InlineData("ana", "no address that mail can be sent to")]
    [InlineData("  ", "The address is missing")]
    [InlineData("ana@example.org\r\nBcc: eve@example.org", "no address that mail can be sent to")]
    public async Task What_is_no_address_is_refused_and_what_was_typed_stays(string typed, string says)
    {
        await using var house = await Visitor.HouseAsync(cluster);

        var page = await new Visitor(house).AskAsync(typed, "/desk/audit");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Contains(says, page.Body, StringComparison.Ordinal);
        Assert.Contains($"value=\"{typed.Trim().Split('\r')[0]}", page.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"/desk/audit\"", page.Body, StringComparison.Ordinal);
        Assert.Equal(0, await house.House.ScalarAsync<long>("select count(*) from sign_in_requests"));
    }

    [Fact]
    public async Task Another_site_can_neither_ask_nor_sign_a_browser_in()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = new Visitor(house);
        await ana.AskAsync("ana@example.org");
        var link = await Visitor.LinkAsync(house);

        foreach (var (name, value) in new[] { ("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site") })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await ana.SendAsync(HttpMethod.Post, link, [], [(name, value)])).Status);
            Assert.Equal(
                HttpStatusCode.Forbidden,
                (await ana.SendAsync(HttpMethod.Post, "/sign-in", [("email", "bob@example.org")], [(name, value)])).Status
            );
        }

        Assert.Equal(
            HttpStatusCode.SeeOther,
            (await ana.SendAsync(HttpMethod.Post, link, [], [("Origin", "https://watch.example")])).Status
        );
        Assert.Equal(0, await house.House.ScalarAsync<long>("select count(*) from sign_in_requests"));
    }

    [Fact]
    public async Task An_address_that_is_suppressed_gets_no_link_by_mail_but_one_from_ops()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        Assert.True(Mailbox.TryRead("ana@example.org", out var mailbox));
        await using (var connection = await house.House.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await SuppressionStore.SuppressAsync(
                connection,
                mailbox,
                Suppression.Manual,
                "a test",
                house.House.Clock.GetCurrentInstant(),
                TestContext.Current.CancellationToken
            );
        }
        await new Visitor(house).AskAsync("ana@example.org");
        await house.House.RunAsync();
        Assert.Empty(house.House.Mails());
        Assert.Equal("cancelled", await house.House.ScalarAsync<string>("select state from deliveries where purpose = 'sign_in'"));

        var link = await OpsLinkAsync(house);
        var anywhere = new Visitor(house);
        Assert.Equal("Sign in as ana", (await anywhere.GetAsync(link)).Title);
        Assert.Equal(HttpStatusCode.SeeOther, (await anywhere.PostAsync(link)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await new Visitor(house).PostAsync(link)).Status);
    }

    [Fact]
    public async Task What_cannot_be_mailed_is_dropped_and_holds_up_nobody()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        // no address that a header could hold
        await house.House.ExecuteAsync("update users set email = 'bob' || chr(10) || '@example.org' where name = 'bob'");
        await house.House.ExecuteAsync(
            "insert into sign_in_requests (email, browser, asked_at) values ('bob' || chr(10) || '@example.org', '\\x00', '2026-05-28T08:00:00Z')"
        );
        await new Visitor(house).AskAsync("ana@example.org");

        await house.House.RunAsync();

        Assert.Equal("ana@example.org", Assert.Single(house.House.Mails()).To.ToString());
        Assert.Equal(0, await house.House.ScalarAsync<long>("select count(*) from sign_in_requests"));
    }

    private static async Task<string> OpsLinkAsync(ServedHouse house)
    {
        await using var connection = await house.House.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var all = await AnalystStore.AllAsync(connection, TestContext.Current.CancellationToken);
        var link = await SigningIn.NewLinkAsync(
            connection,
            house.House.Mw.Settings.Site,
            all.Single(analyst => analyst.Name == "ana"),
            browser: null,
            to: null,
            house.House.Clock.GetCurrentInstant(),
            TestContext.Current.CancellationToken
        );
        return new Uri(link).AbsolutePath;
    }

    /// <summary>Requests, limits' uses over both buckets, tokens and deliveries.</summary>
    private static Task<string?> RowsAsync(ServedHouse house) =>
        house.House.ScalarAsync<string>(
            """
            select concat_ws(' ', (select count(*) from sign_in_requests), (select coalesce(sum(used), 0) / 2 from limits),
                (select count(*) from tokens), (select count(*) from deliveries))
            """
        );

    private static Task<string?> FingerprintAsync(ServedHouse house) =>
        house.House.ScalarAsync<string>(
            """
            select md5(concat((select string_agg(t::text, '|') from tokens t), (select string_agg(s::text, '|') from sessions s),
                (select string_agg(l::text, '|' order by bucket) from limits l), (select count(*) from sign_in_requests)))
            """
        );
}
