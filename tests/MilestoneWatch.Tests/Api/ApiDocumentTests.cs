using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using MilestoneWatch.Api;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Record;
using MilestoneWatch.Tests.Record.Watchlists;
using NodaTime;

namespace MilestoneWatch.Tests.Api;

public sealed class ApiDocumentTests(PostgresCluster cluster)
{
    private static readonly JsonNode Document = JsonNode.Parse(ApiDocument.Content)!;

    public static TheoryData<string> Paths => [.. Document["paths"]!.AsObject().Select(path => path.Key)];

    [Fact]
    public async Task Every_address_is_in_the_document_and_the_other_way_round()
    {
        await using var served = await ServedApi.OpenAsync(cluster);
        var mapped = ((IEndpointRouteBuilder)served.App)
            .DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true)
            .Select(endpoint => endpoint.RoutePattern.RawText!)
            .Where(pattern => pattern.StartsWith("/api/v1", StringComparison.Ordinal));

        Assert.Equal(
            mapped.Order(StringComparer.Ordinal),
            Document["paths"]!.AsObject().Select(path => path.Key).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_document_is_served_as_it_is()
    {
        await using var served = await ServedApi.OpenAsync(cluster);

        Assert.True(JsonNode.DeepEquals(Document, await served.ReadAsync("/api/v1/openapi.json")));
        Assert.Equal("3.1.0", (string?)Document["openapi"]);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task An_example_has_the_keys_of_the_real_answer(string path)
    {
        await using var served = await FoundingAsync();
        var read = Document["paths"]![path]!["get"]!;

        var real = await served.ReadAsync((string)read["x-ask"]!);

        var content = read["responses"]!["200"]!["content"]!["application/json"]!;
        if (content["example"] is { } example)
        {
            var name = ((string)content["schema"]!["$ref"]!).Split('/')[^1];
            Assert.Empty(Differences("", example, real));
            Assert.True(SchemaOf(name).Accepts(real), real.ToJsonString());
            Assert.True(SchemaOf(name).Accepts(example), "the example");
        }
    }

    [Fact]
    public async Task Whatever_is_on_record_fits_the_document()
    {
        await using var served = await FoundingAsync();
        await served.House.RecordAsync(
            new RecordRequest("les-ulis-opening", new Forecasted([new ForecastPoint(new LocalDate(2026, 12, 31), 0.4m)]), "ana")
        );
        var look = await served.House.RecordAsync(new RecordRequest("les-ulis-opening", new Looked(), "ana"));
        await served.House.Mw.Recorder.RetractAsync(look, "another page", "ana", CancellationToken.None);
        await served.House.Mw.Recorder.RedactAsync(look, "asked for", "ana", CancellationToken.None);

        var milestones = await served.WalkAsync("/api/v1/milestones?limit=3");

        Assert.True(milestones.Count >= 14);
        foreach (var milestone in milestones)
        {
            Assert.True(SchemaOf("Milestone").Accepts(milestone), milestone.ToJsonString());
            foreach (var entry in await served.WalkAsync($"/api/v1/milestones/{milestone["slug"]}/history?limit=4"))
            {
                Assert.True(SchemaOf("Entry").Accepts(entry), entry.ToJsonString());
            }
        }
    }

    [Fact]
    public async Task The_problems_in_the_document_are_the_real_ones()
    {
        await using var served = await FoundingAsync();
        foreach (var (name, response) in Document["components"]!["responses"]!.AsObject())
        {
            var example = response!["content"]!["application/problem+json"]!["example"]!;
            Assert.True(SchemaOf("Problem").Accepts(example), name);
            if (((string?)response["x-ask"])?.Split(' ') is [var method, var address])
            {
                Assert.True(JsonNode.DeepEquals(example, (await served.AskAsync(address, method)).Json), name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task The_document_names_each_parameter_that_is_read(string path)
    {
        await using var served = await ServedApi.OpenAsync(cluster);
        var named = Document["paths"]![path]!["get"]!["parameters"]!
            .AsArray()
            .Select(one => (string?)one!["$ref"] is { } reference ? Document["components"]!["parameters"]![reference.Split('/')[^1]]! : one)
            .Where(one => (string?)one["in"] == "query")
            .Select(one => (string)one["name"]!)
            .ToList();

        var answer = await served.AskAsync($"{path.Replace("{slug}", "les-ulis-opening", StringComparison.Ordinal)}?nonsense=1");

        var takes = named.Count == 0 ? "it takes none" : $"it takes {string.Join(", ", named)}";
        Assert.Equal($"leave it out: {takes}", (string?)answer.Json["what_to_do"]);
    }

    [Fact]
    public async Task A_page_tells_people_the_same()
    {
        await using var served = await FoundingAsync();

        var page = await served.AskAsync("/api");
        var text = WebUtility.HtmlDecode(page.Text);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        foreach (var path in Document["paths"]!.AsObject())
        {
            Assert.Contains($">GET {path.Key}</h2>", text, StringComparison.Ordinal);
            Assert.Contains($"<pre>curl 'https://watch.example{path.Value!["get"]!["x-ask"]}'</pre>", text, StringComparison.Ordinal);
        }
        foreach (var response in Document["components"]!["responses"]!.AsObject())
        {
            var type = (string)response.Value!["content"]!["application/problem+json"]!["example"]!["type"]!;
            Assert.Contains($"<div id=\"{type["/api#".Length..]}\">", text, StringComparison.Ordinal);
        }
        Assert.DoesNotMatch("<(script|style|iframe|img)\\b", page.Text);
        Assert.DoesNotMatch("<[^>]*\\s(style|on[a-z]+)=", page.Text);
        Assert.Contains("default-src 'none'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    /// <summary>Where two have other keys; lists are compared by their first items.</summary>
    private static IEnumerable<string> Differences(string at, JsonNode? example, JsonNode? real) =>
        (example, real) switch
        {
            (JsonObject one, JsonObject other) when at.EndsWith(".body", StringComparison.Ordinal) => one.Select(pair => pair.Key)
                .Except(other.Select(pair => pair.Key), StringComparer.Ordinal)
                .Select(key => $"{at}.{key}"),
            (JsonObject one, JsonObject other) => one.Select(pair => pair.Key)
                .Union(other.Select(pair => pair.Key), StringComparer.Ordinal)
                .SelectMany(key =>
                    one.ContainsKey(key) && other.ContainsKey(key) ? Differences($"{at}.{key}", one[key], other[key]) : [$"{at}.{key}"]
                ),
            (JsonArray { Count: > 0 } one, JsonArray { Count: > 0 } other) => Differences($"{at}[0]", one[0], other[0]),
            (JsonObject, JsonArray or JsonValue) or (JsonArray or JsonValue, JsonObject) => [at],
            _ => [],
        };

    /// <summary>A schema of the document, with no key allowed that it does not name.</summary>
    private static JsonSchema SchemaOf(string name)
    {
        var root = new JsonObject
        {
            ["$ref"] = $"#/components/schemas/{name}",
            ["$defs"] = Document["components"]!["schemas"]!.DeepClone(),
        };
        foreach (var schema in root["$defs"]!.AsObject().Select(pair => pair.Value!.AsObject()))
        {
            schema["additionalProperties"] = false;
        }
        return new JsonSchema(JsonNode.Parse(root.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal))!);
    }

    private async Task<ServedApi> FoundingAsync()
    {
        var served = await ServedApi.OpenAsync(cluster);
        await served.House.ImportAsync(Founding.Yaml);
        return served;
    }
}
