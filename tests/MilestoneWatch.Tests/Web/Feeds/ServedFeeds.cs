using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Subscribers;

namespace MilestoneWatch.Tests.Web.Feeds;

/// <summary>A house whose calendars and feeds are served over real HTTP, and judged by who knows nothing of us.</summary>
internal sealed class ServedFeeds(House house, WebApplication app, HttpClient client) : IAsyncDisposable
{
    public House House => house;
    public HttpClient Client => client;

    public static async Task<ServedFeeds> OpenAsync(PostgresCluster cluster, string site = "https://watch.example.org")
    {
        var house = await House.OpenAsync(cluster, configure: new() { ["Site:BaseUrl"] = site });
        var app = await Web.ServedHouse.ServeAsync(house.Mw);
        return new ServedFeeds(house, app, new HttpClient { BaseAddress = new Uri(app.Urls.Single()) });
    }

    public async Task<HttpResponseMessage> GetAsync(string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<(HttpStatusCode Status, string Text)> AskAsync(string address)
    {
        using var answer = await GetAsync(address);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A file that must be there, as it went over the wire.</summary>
    public async Task<byte[]> BytesAsync(string address)
    {
        using var answer = await GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The calendar at an address, held to the form of RFC 5545 and read by ical.js.</summary>
    public async Task<ReadCalendar> CalendarAsync(string address) => await ReadCalendar.OfAsync(await BytesAsync(address));

    /// <summary>A feed that is valid Atom by xmllint and RFC 4287's grammar.</summary>
    public async Task<string> AtomAsync(string address)
    {
        var bytes = await BytesAsync(address);
        await ReadAtom.ValidAsync(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    public async Task<string> TokenAsync(Subscriber reader, bool settings = false)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var links = await MilestoneWatch.Subscribers.Links.LoadAsync(
            connection,
            house.Clock.GetCurrentInstant(),
            TestContext.Current.CancellationToken
        );
        return settings ? links.TokenFor(reader) : links.CalendarTokenFor(reader);
    }

    /// <summary>The address of a new reader's calendar.</summary>
    public async Task<string> CalendarOfAsync(string email, string topics) =>
        $"/calendar/{await TokenAsync(await house.JoinAsync(email, Cadence.Weekly, topics))}.ics";

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
        await house.DisposeAsync();
    }
}
