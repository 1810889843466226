using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using MilestoneWatch.Access;
using MilestoneWatch.Api;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using MilestoneWatch.Tests.Record.Watchlists;
using NodaTime;

namespace MilestoneWatch.Tests.Api;

public sealed class ApiDocumentTests(PostgresCluster cluster)
{
    private static readonly JsonNode Document = JsonNode.Parse(ApiDocument.Content)!;

    private static IEnumerable<(string Method, string Path, JsonNode Said)> Operations =>
        Document["paths"]!
            .AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(said => (said.Key.ToUpperInvariant(), path.Key, said.Value!)));

    [Fact]
    public async Task Every_address_is_in_the_document_and_the_other_way_round()
    {
        await using var served = await ServedApi.OpenAsync(cluster);
        var mapped = ((IEndpointRouteBuilder)served.App)
            .DataSources.SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal))
            .SelectMany(endpoint =>
                (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
                    .Where(method => method != "HEAD")
                    .Select(method => $"{method} {endpoint.RoutePattern.RawText}")
            );

        Assert.Equal(
            mapped.Order(StringComparer.Ordinal),
            Operations.Select(operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_document_is_served_as_it_is()
    {
        await using var served = await ServedApi.OpenAsync(cluster);

        Assert.True(JsonNode.DeepEquals(Document, await served.ReadAsync("/api/v1/openapi.json")));
        Assert.Equal("3.1.0", (string?)Document["openapi"]);
    }

    [Fact]
    public async Task An_example_of_an_answer_has_the_keys_of_the_real_one()
    {
        await using var served = await FoundingAsync();
        await served.House.JoinAsync("ada@example.org", Cadence.Daily);
        await served.House.RunAtAsync("2026-10-05T08:00:00Z");
        foreach (var (_, path, said) in Operations.Where(operation => operation.Method == "GET"))
        {
            var real = await served.ReadAsync((string)said["x-ask"]!, await TokenAsync(served, path));

            var content = said["responses"]!["200"]!["content"]!["application/json"]!;
            if (content["example"] is { } example)
            {
                AssertAlike((string)content["schema"]!["$ref"]!, example, real);
            }
        }
    }

    [Fact]
    public async Task Every_change_in_the_document_is_recorded_as_it_stands_there()
    {
        await using var served = await FoundingAsync();
        await served.House.JoinAsync("ada@example.org", Cadence.Immediate);
        var sent = 0;
        // retracted first: what it takes back is moved to later
        foreach (
            var (_, path, said) in Operations.Where(operation => operation.Method == "POST").OrderBy(operation => operation.Path.Length)
        )
        {
            var request = said["requestBody"]!["content"]!["application/json"]!;
            var answer = said["responses"]!["201"]!["content"]!["application/json"]!;
            foreach (
                var (name, example) in request["examples"]!
                    .AsObject()
                    .OrderBy(pair => path.EndsWith("retraction", StringComparison.Ordinal))
            )
            {
                var body = example!["value"]!;
                var address = (string?)example["x-ask"] ?? (string)said["x-ask"]!;
                Assert.True(SchemaOf(((string)request["schema"]!["$ref"]!).Split('/')[^1]).Accepts(body), $"{path} {name}");
                var token = await served.TokenAsync();

                var dry = await served.PostAsync(token, $"{address}?dry_run=true", body.ToJsonString());
                var real = await served.PostAsync(token, address, body.ToJsonString());

                Assert.True((200, 201) == ((int)dry.Status, (int)real.Status), $"{path} {name}: {real.Text}");
                Assert.True(SchemaOf("Written").Accepts(real.Json), real.Text);
                Assert.True(SchemaOf("Written").Accepts(dry.Json), dry.Text);
                if (sent++ == 0 || name == request["examples"]!.AsObject().First().Key)
                {
                    AssertAlike((string)answer["schema"]!["$ref"]!, answer["example"]!, real.Json);
                }
                foreach (
                    var header in said["responses"]!["201"]!["headers"]!.AsObject().Where(header => header.Key != "Idempotency-Replayed")
                )
                {
                    Assert.Contains(header.Key, real.Headers.Keys);
                }
            }
        }
        Assert.True(sent >= 16, $"only {sent} were sent");
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
        const string Entries = "/api/v1/milestones/les-ulis-opening/entries";
        const string Looked = """{"changes": {"kind": "looked"}}""";
        var (token, reads) = (await served.TokenAsync(), await served.TokenAsync("boss", [Scope.Readers], Role.Admin));
        var real = new Dictionary<string, ServedApi.Answer>(StringComparer.Ordinal)
        {
            ["BadHeader"] = await served.PostAsync(token, Entries, Looked, ("If-Match", "4")),
            ["BadBody"] = await served.PostAsync(token, Entries, """{"changed": {"kind": "looked"}}"""),
            ["DeadToken"] = await served.PostAsync("Bearer mwt_x", Entries, Looked),
            ["NotAllowed"] = await served.PostAsync(reads, Entries, Looked),
            ["NoSuchEntry"] = await served.PostAsync(token, "/api/v1/entries/9999/retraction", """{"reason": "x"}"""),
            ["NoSuchReader"] = await served.AskAsync("/api/v1/readers/9999", "GET", ("Authorization", reads)),
            ["Stale"] = await served.PostAsync(token, Entries, Looked, ("If-Match", "\"3-x\"")),
            ["TooLong"] = await served.PostAsync(token, Entries, new string(' ', (1 << 20) + 1)),
            ["NoJson"] = await served.SendAsync(HttpMethod.Post, Entries, new StringContent(Looked), ("Authorization", token)),
            ["Refused"] = await served.PostAsync(token, Entries, """{"changes": {"kind": "status_changed", "status": "achieved"}}"""),
        };
        await served.PostAsync(token, Entries, Looked, ("Idempotency-Key", "one"));
        real["KeyUsed"] = await served.PostAsync(token, Entries, "{\"changes\": {\"kind\": \"looked\"}}\n", ("Idempotency-Key", "one"));
        foreach (var (name, response) in Document["components"]!["responses"]!.AsObject())
        {
            var example = response!["content"]!["application/problem+json"]!["example"]!;
            Assert.True(SchemaOf("Problem").Accepts(example), name);
            if (((string?)response["x-ask"])?.Split(' ') is [var method, var address])
            {
                real[name] = await served.AskAsync(address, method);
            }
            if (name is "TooMany" or "DatabaseDown")
            {
                continue;
            }
            var answer = real[name].Json;
            if (name == "Stale")
            {
                // a hash of the day
                answer["etag"] = example["etag"]!.DeepClone();
            }
            Assert.True(JsonNode.DeepEquals(example, answer), $"{name}: {answer.ToJsonString()}");
            foreach (var header in response["headers"]!.AsObject())
            {
                Assert.True(real[name].Headers.ContainsKey(header.Key), $"{name} lacks {header.Key}");
            }
        }
        await served.House.ExecuteAsync("update limits set used = 600");
        var waits = await served.AskAsync("/api/v1/milestones");
        Assert.True(
            JsonNode.DeepEquals(
                Document["components"]!["responses"]!["TooMany"]!["content"]!["application/problem+json"]!["example"],
                waits.Json
            ),
            waits.Text
        );
    }

    [Fact]
    public async Task The_document_names_each_parameter_that_is_read()
    {
        await using var served = await ServedApi.OpenAsync(cluster);
        foreach (var (method, path, said) in Operations)
        {
            var named = said["parameters"]!
                .AsArray()
                .Select(one =>
                    (string?)one!["$ref"] is { } reference ? Document["components"]!["parameters"]![reference.Split('/')[^1]]! : one
                )
                .Where(one => (string?)one["in"] == "query")
                .Select(one => (string)one["name"]!)
                .ToList();
            var address = $"{path.Replace("{slug}", "les-ulis-opening", StringComparison.Ordinal)}?nonsense=1";
            var token = await TokenAsync(served, path) ?? await served.TokenAsync();

            var answer =
                method == "GET"
                    ? await served.AskAsync(address, method, ("Authorization", token))
                    : await served.PostAsync(token, address, "{}");

            var takes = named.Count == 0 ? "it takes none" : $"it takes {string.Join(", ", named)}";
            Assert.Equal($"leave it out: {takes}", (string?)answer.Json["what_to_do"]);
        }
    }

    [Fact]
    public async Task A_page_tells_people_the_same()
    {
        await using var served = await FoundingAsync();

        var page = await served.AskAsync("/api");
        var text = WebUtility.HtmlDecode(page.Text);

        Assert.Equal(HttpStatusCode.OK, page.Status);
        foreach (var (method, path, said) in Operations)
        {
            Assert.Contains($">{method} {path}</h2>", text, StringComparison.Ordinal);
            Assert.Contains($"<pre>curl 'https://watch.example{said["x-ask"]}'", text, StringComparison.Ordinal);
            foreach (var example in said["requestBody"]?["content"]!["application/json"]!["examples"]!.AsObject() ?? [])
            {
                Assert.Contains($"-d '{example.Value!["value"]!.ToJsonString(LedgerJson.Options)}'</pre>", text, StringComparison.Ordinal);
            }
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

    private static void AssertAlike(string schema, JsonNode example, JsonNode real)
    {
        var name = schema.Split('/')[^1];
        Assert.Empty(Differences(name, example, real));
        Assert.True(SchemaOf(name).Accepts(real), real.ToJsonString());
        Assert.True(SchemaOf(name).Accepts(example), $"the example of {name}");
    }

    private static async Task<string?> TokenAsync(ServedApi served, string path) =>
        path.StartsWith("/api/v1/readers", StringComparison.Ordinal) ? await served.TokenAsync("boss", [Scope.Readers], Role.Admin)
        : path is "/api/v1/audit" or "/api/v1/attention" ? await served.TokenAsync()
        : null;

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
        foreach (
            var schema in root["$defs"]!.AsObject().Select(pair => pair.Value!.AsObject()).Where(schema => schema.ContainsKey("properties"))
        )
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
