using System.Net;
using System.Text.RegularExpressions;
using MilestoneWatch.Access;
using MilestoneWatch.Checks;
using MilestoneWatch.Postgres;

namespace MilestoneWatch.Tests.Web.Desk;

/// <summary>The desk over real HTTP, with somebody signed in.</summary>
internal sealed partial class DeskHouse(ServedHouse served, string secret) : IAsyncDisposable
{
    public House House => served.House;
    public ServedHouse Served => served;

    /// <summary>The secret of the session's cookie.</summary>
    public string Secret => secret;

    public static async Task<DeskHouse> OpenAsync(PostgresCluster cluster, string role = "analyst")
    {
        var served = await ServedHouse.OpenAsync(cluster);
        return new DeskHouse(served, await SignInAsync(served.House, "bea", role));
    }

    /// <summary>A session of somebody who may be new; the secret of its cookie.</summary>
    public static async Task<string> SignInAsync(House house, string name, string role = "analyst")
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);
        var now = MilestoneWatch.Record.Ledger.Micros(house.Clock.GetCurrentInstant());
        var may = LedgerJson.ReadEnum<Role>(role);
        var analyst = await AnalystStore.PutAsync(
            connection,
            name,
            $"{name}@example.org",
            "Europe/Paris",
            may,
            now,
            CancellationToken.None
        );
        return await SessionStore.BeginAsync(connection, analyst.Id, "a test", now, CancellationToken.None);
    }

    public Task<ServedHouse.Answer> GetAsync(string address) => served.GetAsync(address, Cookie(secret));

    /// <summary>Sends a form as the page at <paramref name="page"/> makes it, its hidden fields with what was typed.</summary>
    public async Task<ServedHouse.Answer> SendAsync(string address, string page, params (string Name, string Value)[] typed)
    {
        var opened = await GetAsync(page);
        Assert.Equal(HttpStatusCode.OK, opened.Status);
        return await PostAsync(address, [.. Hidden(opened.Body), .. typed]);
    }

    public Task<ServedHouse.Answer> PostAsync(string address, params (string Name, string Value)[] fields) =>
        served.PostAsync(
            address,
            new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
            Cookie(secret)
        );

    /// <summary>The hidden fields of a page's form for recording.</summary>
    public static IEnumerable<(string Name, string Value)> Hidden(string page) =>
        HiddenField()
            .Matches(page)
            .Select(match => (match.Groups["name"].Value, match.Groups["value"].Value))
            .DistinctBy(field => field.Item1);

    public static (string Name, string Value) Cookie(string secret) => ("Cookie", $"__Host-mw-session={secret}");

    public Task<long> HeadAsync() => House.ScalarAsync<long>("select max(position) from entries");

    public ValueTask DisposeAsync() => served.DisposeAsync();

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[a-z]+)\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HiddenField();
}
