using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using MilestoneWatch.Access;
using NodaTime;

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

    public Task<Answer> AskAsync(string address, string method = "GET", params (string Name, string Value)[] headers) =>
        SendAsync(new HttpMethod(method), address, null, headers);

    /// <summary>A token's secret, as a header carries it.</summary>
    public async Task<string> TokenAsync(string analyst = "ana", Scope[]? scopes = null, Role role = Role.Analyst, Duration? life = null)
    {
        await house.ExecuteAsync(
            $"""
            insert into users (name, role, created_at) values ('{analyst}', '{role.ToString().ToLowerInvariant()}', now())
            on conflict (name) do update set role = excluded.role
            """
        );
        var user = await house.ScalarAsync<Guid>($"select id from users where name = '{analyst}'");
        await using var connection = await house.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var now = house.Clock.GetCurrentInstant();
        var (secret, _) = await ApiTokenStore.AddAsync(
            connection,
            user,
            "tests",
            scopes ?? [Scope.Record],
            now,
            now + life,
            TestContext.Current.CancellationToken
        );
        return $"Bearer {secret}";
    }

    /// <param name="token">What the header carries.</param>
    /// <param name="address">Where it is sent.</param>
    /// <param name="json">The body.</param>
    /// <param name="headers">More headers.</param>
    public Task<Answer> PostAsync(string token, string address, string json, params (string Name, string Value)[] headers) =>
        PostAsync(client, token, address, json, headers);

    /// <summary>The same of another replica.</summary>
    public static Task<Answer> PostAsync(
        HttpClient client,
        string token,
        string address,
        string json,
        params (string Name, string Value)[] headers
    ) =>
        SendAsync(
            client,
            HttpMethod.Post,
            address,
            new StringContent(json, Encoding.UTF8, "application/json"),
            [("Authorization", token), .. headers]
        );

    /// <summary>A change of the one milestone that tests have, "site".</summary>
    public Task<Answer> RecordAsync(string token, string json, params (string Name, string Value)[] headers) =>
        PostAsync(token, "/api/v1/milestones/site/entries", json, headers);

    public Task<Answer> SendAsync(HttpMethod method, string address, HttpContent? content, params (string Name, string Value)[] headers) =>
        SendAsync(client, method, address, content, headers);

    private static async Task<Answer> SendAsync(
        HttpClient client,
        HttpMethod method,
        string address,
        HttpContent? content,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);
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

    /// <summary>How many rows a refused change may not have left anywhere.</summary>
    public Task<string?> LeftAsync() =>
        house.ScalarAsync<string>(
            """
            select format('%s entries, %s sources, %s texts, %s users, %s kept, %s milestones',
                (select count(*) from entries), (select count(*) from sources), (select count(*) from source_texts),
                (select count(*) from users), (select count(*) from kept_answers), (select count(*) from milestones))
            """
        );

    /// <summary>An answer that there must be.</summary>
    public async Task<JsonNode> ReadAsync(string address, string? token = null)
    {
        var answer = await AskAsync(address, "GET", token is null ? [] : [("Authorization", token)]);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{address}: {answer.Status} {answer.Text}");
        return answer.Json;
    }

    /// <summary>The items of all pages, from the first to the last.</summary>
    /// <param name="address">The question, with a query.</param>
    /// <param name="meanwhile">Done after the first page.</param>
    /// <param name="token">Where it takes one.</param>
    public async Task<IReadOnlyList<JsonNode>> WalkAsync(string address, Func<Task>? meanwhile = null, string? token = null)
    {
        var items = new List<JsonNode>();
        var next = address;
        while (true)
        {
            var page = await ReadAsync(next, token);
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
