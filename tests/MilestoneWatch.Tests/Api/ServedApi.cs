using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace MilestoneWatch.Tests.Api;

/// <summary>A house whose API is asked over real HTTP.</summary>
internal sealed class ServedApi(House house, WebApplication app, HttpClient client) : IAsyncDisposable
{
    public House House => house;
    public WebApplication App => app;

    public static async Task<ServedApi> OpenAsync(PostgresCluster cluster)
    {
        var house = await House.OpenAsync(cluster, configure: new() { ["Site:BaseUrl"] = "https://watch.example" });
        var app = await Web.ServedHouse.ServeAsync(house.Mw);
        return new ServedApi(house, app, new HttpClient { BaseAddress = new Uri(app.Urls.Single()) });
    }

    public async Task<Answer> AskAsync(string address, string method = "GET", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(
            answer.StatusCode,
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            answer
                .Headers.Concat(answer.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.Ordinal)
        );
    }

    /// <summary>An answer that there must be.</summary>
    public async Task<JsonNode> ReadAsync(string address)
    {
        var answer = await AskAsync(address);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{address}: {answer.Status} {answer.Text}");
        return answer.Json;
    }

    /// <summary>The items of all pages, from the first to the last.</summary>
    /// <param name="address">The question, with a query.</param>
    /// <param name="meanwhile">Done after the first page.</param>
    public async Task<IReadOnlyList<JsonNode>> WalkAsync(string address, Func<Task>? meanwhile = null)
    {
        var items = new List<JsonNode>();
        var next = address;
        while (true)
        {
            var page = await ReadAsync(next);
            items.AddRange(page["items"]!.AsArray().Select(item => item!.DeepClone()));
            if ((string?)page["next_cursor"] is not { } cursor)
            {
                return items;
            }
            Assert.True(items.Count < 1000, "the walk has no end");
            next = $"{address}&cursor={cursor}";
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
            meanwhile = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
        await house.DisposeAsync();
    }

    internal sealed record Answer(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
    {
        public JsonNode Json => JsonNode.Parse(Text)!;
    }
}
