using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using MilestoneWatch.Hosting;
using MilestoneWatch.Web;

namespace MilestoneWatch.Tests.Web;

/// <summary>An installation's pages over real HTTP, behind a proxy that is believed, so that tests choose where they come from.</summary>
internal sealed partial class ServedHouse : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ServedHouse(House house, WebApplication app)
    {
        House = house;
        _app = app;
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri(app.Urls.Single()),
        };
    }

    public House House { get; }
    public HttpClient Client { get; }
    public IServiceProvider Services => _app.Services;

    public static async Task<ServedHouse> OpenAsync(PostgresCluster cluster)
    {
        var house = await House.OpenAsync(
            cluster,
            configure: new(StringComparer.Ordinal) { ["Site:TrustedProxies"] = "127.0.0.0/8", ["Site:BaseUrl"] = "https://watch.example" }
        );
        await house.PromiseAsync("site", "Q4 2026");
        return new ServedHouse(house, await ServeAsync(house.Mw));
    }

    /// <summary>The pages of another installation, such as a replica over the same database.</summary>
    public static async Task<WebApplication> ServeAsync(Installation mw)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddPages(mw);
        var app = builder.Build();
        app.MapPages(mw);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    /// <summary>The fields that the subscribe page sends, some of them changed.</summary>
    public static Dictionary<string, string> Fields(string email, params (string Name, string Value)[] changed)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["email"] = email,
            ["follow"] = "all",
            ["cadence"] = "weekly",
            ["at"] = "08:00",
            ["weekday"] = "mon",
            ["monthday"] = "1",
            ["zone"] = "Europe/Paris",
            ["language"] = "en",
        };
        foreach (var (name, value) in changed)
        {
            fields[name] = value;
        }
        return fields;
    }

    public Task<Answer> SubscribeAsync(string email, params (string Name, string Value)[] changed) =>
        PostAsync("/subscribe", new FormUrlEncodedContent(Fields(email, changed)));

    public Task<Answer> ApiAsync(string json) => PostAsync("/api/subscribers", new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<Answer> PostAsync(string address, HttpContent? content = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, address, content, headers);

    public Task<Answer> GetAsync(string address, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, address, null, headers);

    public async Task<Answer> SendAsync(
        HttpMethod method,
        string address,
        HttpContent? content,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer(
            response.StatusCode,
            WebUtility.HtmlDecode(body),
            response
                .Headers.Concat(response.Content.Headers)
                .Where(header => header.Key is not ("Date" or "Content-Length"))
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.Ordinal)
        );
    }

    /// <summary>The token of the newest link of a kind ("confirm", "settings") that was mailed.</summary>
    public async Task<string> MailedAsync(string kind)
    {
        await House.RunAsync();
        return Link().Match(House.Mails().Select(mail => mail.TextBody!).Last(text => text.Contains($"/{kind}/"))).Groups[kind].Value;
    }

    /// <summary>A confirmed reader's settings token.</summary>
    public async Task<string> ReaderAsync(string email = "ada@example.org")
    {
        var reader = await House.JoinAsync(email, Domain.Subscribers.Cadence.Weekly);
        await using var connection = await House.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return (
            await MilestoneWatch.Subscribers.Links.LoadAsync(connection, House.Clock.GetCurrentInstant(), CancellationToken.None)
        ).TokenFor(reader);
    }

    public Task<string?> StateAsync() => House.ScalarAsync<string>("select state from subscribers");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await House.DisposeAsync();
    }

    [GeneratedRegex("/confirm/(?<confirm>[A-Za-z0-9_-]+)|/settings/(?<settings>[A-Za-z0-9_-]+)")]
    private static partial Regex Link();

    internal sealed record Answer(HttpStatusCode Status, string Body, IReadOnlyDictionary<string, string> Headers)
    {
        public string Title => TitleOf().Match(Body).Groups["title"].Value;
    }

    [GeneratedRegex("<h1>(?<title>[^<]*)</h1>")]
    private static partial Regex TitleOf();
}
