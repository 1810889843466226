using System.Net;
using System.Text.RegularExpressions;
using Dapper;
using MilestoneWatch.Access;
using MilestoneWatch.Tests.Web;
using NodaTime;

namespace MilestoneWatch.Tests.Access;

public sealed partial class ApiTokenTests(PostgresCluster cluster)
{
    [Fact]
    public async Task A_token_is_shown_once_and_works_until_it_is_revoked()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = await Visitor.SignedInAsync(house);

        var made = await ana.ActAsync(
            "/desk/account/tokens",
            ("name", "nightly"),
            ("scope", "record"),
            ("scope", "readers"),
            ("days", "90")
        );
        var secret = Token().Match(made.Body).Value;
        Assert.Equal((HttpStatusCode.OK, "Your new token", "no-store"), (made.Status, made.Title, made.Headers["Cache-Control"]));
        var used = await UseAsync(house, secret);
        Assert.Equal(("nightly", "ana", 2), (used!.Name, used.Analyst, used.Scopes.Count));
        var account = (await ana.GetAsync("/desk/account")).Body;
        Assert.DoesNotContain(secret, account, StringComparison.Ordinal);
        Assert.Contains("record and read the readers", account, StringComparison.Ordinal);

        await (await Visitor.SignedInAsync(house, "bob@example.org")).ActAsync("/desk/account/tokens/revoke", ("id", $"{used.Id}"));
        Assert.NotNull(await UseAsync(house, secret));
        await ana.ActAsync("/desk/account/tokens/revoke", ("id", $"{used.Id}"));

        Assert.Null(await UseAsync(house, secret));
        Assert.DoesNotContain("nightly", (await ana.GetAsync("/desk/account")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_expires_on_its_day_and_its_last_use_is_kept_to_the_minute()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = await Visitor.SignedInAsync(house);
        var made = await ana.ActAsync("/desk/account/tokens", ("name", "short"), ("scope", "record"), ("days", "1"));
        var secret = Token().Match(made.Body).Value;
        await UseAsync(house, secret);
        house.House.Clock.Advance(Duration.FromSeconds(59));
        Assert.Equal(
            0,
            (
                house.House.Clock.GetCurrentInstant() - (await UseAsync(house, secret))!.LastUsedAt!.Value - Duration.FromSeconds(59)
            ).TotalSeconds,
            3
        );
        house.House.Clock.Advance(Duration.FromSeconds(1));
        await UseAsync(house, secret);
        Assert.Equal(house.House.Clock.GetCurrentInstant(), (await UseAsync(house, secret))!.LastUsedAt);

        house.House.Clock.Advance(Duration.FromDays(1) - Duration.FromMinutes(1));

        Assert.Null(await UseAsync(house, secret));
        Assert.Contains("expired", (await ana.GetAsync("/desk/account")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_admin_only_may_see_no_analysts_token_may_nor_one_of_an_admin_that_was()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var bob = await Visitor.SignedInAsync(house, "bob@example.org");
        var refused = await bob.ActAsync("/desk/account/tokens", ("name", "mine"), ("scope", "readers"), ("days", "7"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("only an admin's token", refused.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"mine\"", refused.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"7\"", refused.Body, StringComparison.Ordinal);
        Assert.Equal(0, await house.House.ScalarAsync<long>("select count(*) from api_tokens"));

        var ana = await Visitor.SignedInAsync(house);
        var made = await ana.ActAsync("/desk/account/tokens", ("name", "both"), ("scope", "record"), ("scope", "readers"), ("days", ""));
        var secret = Token().Match(made.Body).Value;
        Assert.True((await UseAsync(house, secret))!.Allows(Scope.Readers));
        await house.House.ExecuteAsync("update users set role = 'analyst' where name = 'ana'");

        var token = await UseAsync(house, secret);
        Assert.Equal((true, false), (token!.Allows(Scope.Record), token.Allows(Scope.Readers)));
    }

    [Theory]
    [InlineData("", "record", "90", "the name says")]
    [InlineData("x", "", "90", "choose what the token allows")]
    [InlineData("x", "record", "0", "from 1 to 3650")]
    [InlineData("x", "record", "-1", "from 1 to 3650")]
    [InlineData("x", "record", "soon", "from 1 to 3650")]
    [InlineData("x", "record", "99999", "from 1 to 3650")]
    public async Task What_makes_no_token_is_refused(string name, string scope, string days, string says)
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = await Visitor.SignedInAsync(house);

        var refused = await ana.ActAsync("/desk/account/tokens", ("name", name), ("scope", scope), ("days", days));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains(says, refused.Body, StringComparison.Ordinal);
        Assert.Equal(0, await house.House.ScalarAsync<long>("select count(*) from api_tokens"));
    }

    [Fact]
    public async Task No_secret_is_in_any_table_once_its_mail_is_out_and_the_link_used_or_past()
    {
        await using var house = await Visitor.HouseAsync(cluster);
        var ana = new Visitor(house);
        await ana.AskAsync("ana@example.org");
        var used = await Visitor.LinkAsync(house);
        var browser = ana.Cookies.Values.Single();
        var other = new Visitor(house);
        await other.AskAsync("bob@example.org");
        var past = await Visitor.LinkAsync(house, "bob@example.org");
        await ana.PostAsync(used);
        var made = await ana.ActAsync("/desk/account/tokens", ("name", "t"), ("scope", "record"), ("days", "90"));
        // while the mail may still have to be sent again, it is there to be sent
        Assert.Equal(1, await house.House.ScalarAsync<long>("select count(*) from audiences where purpose = 'sign_in'"));
        house.House.Clock.Advance(Duration.FromMinutes(10));
        await house.House.RunAsync();

        var dump = await DumpAsync(house);

        Assert.Equal(0, await house.House.ScalarAsync<long>("select count(*) from audiences where purpose = 'sign_in'"));
        Assert.Contains("ana@example.org", dump, StringComparison.Ordinal);
        string[] secrets = [ana.Session, browser, other.Cookies.Values.Single(), Token().Match(made.Body).Value, used[9..], past[9..]];
        Assert.All(
            secrets,
            secret =>
            {
                Assert.Equal(43, secret.Replace("mwt_", "", StringComparison.Ordinal).Length);
                Assert.DoesNotContain(secret, dump, StringComparison.Ordinal);
                Assert.DoesNotContain(
                    Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(secret[..20])),
                    dump,
                    StringComparison.Ordinal
                );
            }
        );
    }

    /// <summary>Every row of every table, as text.</summary>
    private static async Task<string> DumpAsync(ServedHouse house)
    {
        await using var connection = new Npgsql.NpgsqlConnection(house.House.Owner);
        var tables = await connection.QueryAsync<string>("select tablename::text from pg_tables where schemaname = 'public'");
        var rows = new List<string>();
        foreach (var table in tables)
        {
            rows.AddRange(await connection.QueryAsync<string>($"select t::text from {table} t"));
        }
        return string.Join('\n', rows);
    }

    private static async Task<ApiToken?> UseAsync(ServedHouse house, string secret)
    {
        await using var connection = await house.House.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return await ApiTokenStore.UseAsync(
            connection,
            secret,
            house.House.Clock.GetCurrentInstant(),
            TestContext.Current.CancellationToken
        );
    }

    [GeneratedRegex("mwt_[A-Za-z0-9_-]{43}")]
    private static partial Regex Token();
}
