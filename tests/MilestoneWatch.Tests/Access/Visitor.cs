using System.Net;
using System.Text.RegularExpressions;
using MilestoneWatch.Access;
using MilestoneWatch.Tests.Web;
using MilestoneWatch.Web.Desk;

namespace MilestoneWatch.Tests.Access;

/// <summary>A browser at the desk, as far as cookies go.</summary>
internal sealed partial class Visitor(ServedHouse house)
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    public string Session => Cookies[DeskGate.Cookie];

    /// <summary>A house with ana, an admin, and bob, an analyst.</summary>
    public static async Task<ServedHouse> HouseAsync(PostgresCluster cluster)
    {
        var house = await ServedHouse.OpenAsync(cluster);
        await Roster.PutAsync(
            house.House.Mw,
            new Listing("ana", "ana@example.org", "Europe/Paris", Role.Admin),
            TestContext.Current.CancellationToken
        );
        await Roster.PutAsync(
            house.House.Mw,
            new Listing("bob", "bob@example.org", "Europe/Paris", Role.Analyst),
            TestContext.Current.CancellationToken
        );
        return house;
    }

    public static async Task<Visitor> SignedInAsync(ServedHouse house, string email = "ana@example.org")
    {
        var visitor = new Visitor(house);
        await visitor.AskAsync(email);
        Assert.Equal(HttpStatusCode.SeeOther, (await visitor.PostAsync(await LinkAsync(house, email))).Status);
        return visitor;
    }

    public Task<ServedHouse.Answer> AskAsync(string email, string? to = null) => PostAsync("/sign-in", ("email", email), ("to", to ?? ""));

    /// <summary>The newest link that was mailed, without its host.</summary>
    public static async Task<string> LinkAsync(ServedHouse house, string? email = null)
    {
        await house.House.RunAsync();
        return Link()
            .Match(
                house
                    .House.Mails()
                    .Where(mail => email is null || mail.To.ToString() == email)
                    .Select(mail => mail.TextBody!)
                    .Last(text => Link().IsMatch(text))
            )
            .Value;
    }

    public Task<ServedHouse.Answer> GetAsync(string address, HttpMethod? method = null) =>
        SendAsync(method ?? HttpMethod.Get, address, null, []);

    public Task<ServedHouse.Answer> PostAsync(string address, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, address, fields, []);

    /// <summary>Sends a form of the account's page, with its stamp.</summary>
    public async Task<ServedHouse.Answer> ActAsync(string address, params (string Name, string Value)[] fields) =>
        await PostAsync(address, [.. fields, (DeskGate.Field, await StampAsync())]);

    public async Task<string> StampAsync() => StampOf().Match((await GetAsync("/desk/account")).Body).Groups["stamp"].Value;

    public async Task<ServedHouse.Answer> SendAsync(
        HttpMethod method,
        string address,
        (string Name, string Value)[]? fields,
        (string Name, string Value)[] headers
    )
    {
        var content = fields is null
            ? null
            : new FormUrlEncodedContent(fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value)));
        var cookies = string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));
        var answer = await house.SendAsync(method, address, content, [("Cookie", cookies), ("User-Agent", Firefox), .. headers]);
        if (answer.Headers.TryGetValue("Set-Cookie", out var set))
        {
            foreach (Match cookie in SetCookie().Matches(set))
            {
                Assert.Contains("path=/; secure; samesite=lax; httponly", cookie.Value, StringComparison.Ordinal);
                Cookies[cookie.Groups["name"].Value] = cookie.Groups["value"].Value;
                if (cookie.Groups["value"].Value.Length == 0)
                {
                    Cookies.Remove(cookie.Groups["name"].Value);
                }
            }
        }
        return answer;
    }

    [GeneratedRegex("/sign-in/[A-Za-z0-9_-]+")]
    private static partial Regex Link();

    [GeneratedRegex("name=\"csrf\" value=\"(?<stamp>[^\"]+)\"")]
    private static partial Regex StampOf();

    [GeneratedRegex("(?<name>__Host-mw-[a-z]+)=(?<value>[^;]*);[^,]*(, [^,=]*GMT;[^,]*)?")]
    private static partial Regex SetCookie();
}
