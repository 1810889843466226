using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MilestoneWatch.Tests.Cli;
using MilestoneWatch.Tests.Digests;

namespace MilestoneWatch.Tests.Access;

/// <summary>`mw user …` and `mw token …`, and signing in to a service that runs.</summary>
public sealed partial class AccessVerbsTests(PostgresCluster cluster, Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Analysts_are_named_by_address_or_by_name_and_what_is_not_given_stays()
    {
        using var house = await CliHouse.OpenAsync(cluster, founded: false);

        var ana = await house.JsonAsync("user", "add", "ana@example.org", "--role", "admin", "--zone", "Europe/Paris");
        Assert.Equal(("ana", "ana@example.org", "admin", "Europe/Paris"), Of(ana));
        await house.DoneAsync("user", "add", "kim", "--no-mail");
        Assert.Equal(("kim", "kim@example.org", "analyst", "UTC"), Of(await house.JsonAsync("user", "add", "kim@example.org")));
        Assert.Equal(
            ("Jo", "joan@example.org", "analyst", "UTC"),
            Of(await house.JsonAsync("user", "add", "joan@example.org", "--name", "Jo"))
        );
        Assert.Equal(
            ("ana", "ana@example.org", "admin", "Europe/Paris"),
            Of(await house.JsonAsync("user", "add", "ANA@example.org")) with
            {
                Item2 = "ana@example.org",
            }
        );
        Assert.Equal(
            ("ana", "a@example.org", "admin", "Europe/Paris"),
            Of(await house.JsonAsync("user", "add", "ana", "--email", "a@example.org"))
        );

        await house.RefusedAsync(1, ["a@example.org is ana's address"], "user", "add", "eve", "--email", "A@example.org");
        await house.RefusedAsync(1, ["a@example.org is ana's address"], "user", "add", "a@example.org", "--name", "eve");
        await house.RefusedAsync(1, ["there is an analyst ana already, at a@example.org"], "user", "add", "ana@other.example");
        await house.RefusedAsync(1, ["no address"], "user", "add", "a@b@");
        await house.RefusedAsync(2, ["owner", "analyst"], "user", "add", "x@example.org", "--role", "owner");
        await house.RefusedAsync(2, ["--email"], "user", "add", "x@example.org", "--email", "y@example.org");
        await house.RefusedAsync(2, ["--email"], "user", "add", "x");

        static (string?, string?, string?, string?) Of(System.Text.Json.Nodes.JsonNode user) =>
            ((string?)user["name"], (string?)user["email"], (string?)user["role"], (string?)user["zone"]);
    }

    [Fact]
    public async Task A_tokens_secret_is_all_that_is_printed_and_is_listed_nowhere()
    {
        using var house = await CliHouse.OpenAsync(cluster, founded: false);
        await house.DoneAsync("user", "add", "ana@example.org", "--role", "admin");
        await house.DoneAsync("user", "add", "bob@example.org");

        var made = await house.RunAsync("token", "add", "nightly", "--as", "ana", "--scope", "record,readers", "--days", "30");

        Assert.Equal(0, made.Exit);
        Assert.Matches("^mwt_[A-Za-z0-9_-]{43}\n$", made.Out);
        Assert.Contains("speaks for ana until 2026-07-03", made.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(made.Out.Trim(), made.Error, StringComparison.Ordinal);
        var json = await house.JsonAsync("token", "add", "other", "--as", "bob@example.org", "--scope", "record");
        Assert.StartsWith("mwt_", (string?)json["secret"], StringComparison.Ordinal);
        var listed = await house.DoneAsync("token", "list");
        Assert.Contains("nightly\tana\trecord, readers", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("mwt_", listed + await house.DoneAsync("token", "list", "--json"), StringComparison.Ordinal);

        await house.DoneAsync("token", "revoke", "1");
        await house.RefusedAsync(1, ["there is no token 1 that works"], "token", "revoke", "1");
        Assert.Contains("revoked 2026-06-03", await house.DoneAsync("token", "list"), StringComparison.Ordinal);
        await house.RefusedAsync(1, ["only an admin's token"], "token", "add", "x", "--as", "bob", "--scope", "readers");
        await house.RefusedAsync(1, ["no scope \"all\""], "token", "add", "x", "--as", "bob", "--scope", "all");
        await house.RefusedAsync(1, ["did you mean \"bob\"?"], "token", "add", "x", "--as", "bobb", "--scope", "record");
        await house.RefusedAsync(1, ["1 to 3650"], "token", "add", "x", "--as", "bob", "--scope", "record", "--days", "0");
    }

    [Fact]
    public async Task The_doctor_tells_how_to_make_the_first_admin_and_who_gets_no_link()
    {
        using var house = await CliHouse.OpenAsync(cluster, founded: false);
        Assert.Contains("`mw user add EMAIL --role admin` makes one", await house.DoneAsync("doctor"), StringComparison.Ordinal);

        await house.DoneAsync("user", "add", "ana@example.org", "--role", "admin");
        Assert.Contains("desk\t1 may sign in", await house.DoneAsync("doctor"), StringComparison.Ordinal);

        await house.DoneAsync("suppression", "add", "ana@example.org", "--reason", "a test");
        Assert.Contains("`mw user link ana` prints one", await house.DoneAsync("doctor"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_a_cold_start_a_browser_signs_in_and_no_secret_is_in_the_log()
    {
        Assert.SkipWhen(chromium.Browser is null, $"{Chromium.Executable} is not here");
        using var house = await CliHouse.OpenAsync(cluster, founded: false);
        house.Environment.Remove("MW_NOW");
        var site = $"http://127.0.0.1:{FreePort()}";
        house.Environment["MW_Urls"] = site;
        house.Environment["MW_Site__BaseUrl"] = site;
        await house.DoneAsync("user", "add", "ana@example.org", "--role", "admin");
        using var serve = house.Start("serve");
        await serve.PrintsAsync("Serving All");
        await using var context = await chromium.Browser.NewContextAsync(new() { JavaScriptEnabled = false });
        var page = await context.NewPageAsync();

        await page.GotoAsync($"{site}/desk/account");
        await page.GetByLabel("Your address").FillAsync("ana@example.org");
        await page.GetByText("Mail me a link").ClickAsync();
        await Until.TrueAsync(() => house.MailsTo("ana@example.org").Count == 1, "the mail", TimeSpan.FromSeconds(30));
        var link = LinkIn().Match(house.MailsTo("ana@example.org")[0].TextBody!).Value;
        await page.GotoAsync(link);
        Assert.Equal("Sign in as ana", await page.Locator("h1").TextContentAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        Assert.Equal($"{site}/desk/account", page.Url);
        Assert.Equal("ana", await page.Locator("h1").TextContentAsync());
        await page.GetByLabel("What it is for").FillAsync("nightly");
        await page.GetByText("Make the token").ClickAsync();
        var token = (await page.Locator("pre.secret").TextContentAsync())!.Trim();
        Assert.StartsWith("mwt_", token, StringComparison.Ordinal);
        var session = Assert.Single(await context.CookiesAsync());
        Assert.Equal(
            ("__Host-mw-session", true, true, SameSiteAttribute.Lax),
            (session.Name, session.HttpOnly, session.Secure, session.SameSite)
        );
        using (var http = new HttpClient())
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", token);
            foreach (var path in new[] { "/api/v1/milestones", "/api/v1/nothing", "/desk/nothing" })
            {
                using var answer = await http.GetAsync(new Uri(site + path), TestContext.Current.CancellationToken);
            }
        }
        var listed = (await house.JsonAsync("user", "list"))[0]!;
        Assert.Equal((1, "ana"), ((int)listed["sessions"]!, (string?)listed["name"]));
        Assert.NotNull(listed["last_seen_at"]);

        var ops = await house.RunAsync("user", "link", "ana");
        Assert.Matches($"^{Regex.Escape(site)}/sign-in/[A-Za-z0-9_-]{{43}}\n$", ops.Out);
        Assert.Contains("in any browser", ops.Error, StringComparison.Ordinal);
        Assert.Contains("1 session", await house.DoneAsync("user", "sign-out", "ana@example.org"), StringComparison.Ordinal);
        await page.GotoAsync($"{site}/desk/account");
        Assert.Equal($"{site}/sign-in?to=%2Fdesk%2Faccount", page.Url);
        // all links are gone with the sessions
        Assert.Equal(404, (await page.GotoAsync(ops.Out.Trim()))!.Status);
        Assert.Contains("can sign in no more", await house.DoneAsync("user", "remove", "ana"), StringComparison.Ordinal);

        await serve.SignalAsync("TERM");
        Assert.Equal(0, await serve.ExitAsync());
        var log = serve.Out + serve.Error;
        Assert.Contains("Signing in: 1 requests answered", log, StringComparison.Ordinal);
        Assert.All(
            new[] { link[(link.LastIndexOf('/') + 1)..], session.Value, token, ops.Out.Trim()[^43..], "ana@example.org" },
            secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal)
        );
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [GeneratedRegex("http://[^/]+/sign-in/[A-Za-z0-9_-]+")]
    private static partial Regex LinkIn();
}
