using System.Text.Json;
using System.Text.Json.Nodes;
using MilestoneWatch.Postgres;

namespace MilestoneWatch.Api;

/// <summary>The API's document as people read it: each address with its parameters, what to try and its answer.</summary>
public sealed record ApiReference(
    string Title,
    string Summary,
    string Description,
    IReadOnlyList<ApiReference.Address> Addresses,
    IReadOnlyList<ApiReference.Problem> Problems
)
{
    private static readonly JsonSerializerOptions Indented = new(LedgerJson.Options) { WriteIndented = true };

    public static ApiReference Read(ReadOnlySpan<byte> document)
    {
        var root = JsonNode.Parse(document)!;
        var info = root["info"]!;
        return new ApiReference(
            (string)info["title"]!,
            (string)info["summary"]!,
            (string)info["description"]!,
            [
                .. root["paths"]!
                    .AsObject()
                    .SelectMany(path =>
                        path.Value!.AsObject()
                            .Select(operation => AddressOf(root, operation.Key.ToUpperInvariant(), path.Key, operation.Value!))
                    ),
            ],
            [.. root["components"]!["responses"]!.AsObject().Select(pair => ProblemOf(pair.Value!))]
        );
    }

    private static Address AddressOf(JsonNode root, string method, string path, JsonNode said) =>
        new(
            method,
            path,
            (string)said["summary"]!,
            (string)said["description"]!,
            [
                .. said["parameters"]!
                    .AsArray()
                    .Select(node => Resolve(root, node!))
                    .Select(one => new Parameter(
                        (string)one["name"]!,
                        (string)one["in"]!,
                        (bool)one["required"]!,
                        (string)one["description"]!
                    )),
            ],
            AsksOf(said),
            NeedsToken: said["security"]!.AsArray().All(way => way!.AsObject().Count > 0),
            (said["responses"]![method == "GET" ? "200" : "201"]!["content"]!["application/json"]!["example"])?.ToJsonString(Indented)
        );

    private static IReadOnlyList<Ask> AsksOf(JsonNode said) =>
        said["requestBody"]?["content"]!["application/json"]!["examples"] is JsonObject examples
            ?
            [
                .. examples
                    .Select(pair => pair.Value!)
                    .Select(one => new Ask(
                        (string?)one["x-ask"] ?? (string)said["x-ask"]!,
                        (string)one["summary"]!,
                        one["value"]!.ToJsonString(LedgerJson.Options)
                    )),
            ]
            : [new Ask((string)said["x-ask"]!, null, null)];

    private static Problem ProblemOf(JsonNode response)
    {
        var example = response["content"]!["application/problem+json"]!["example"]!;
        var type = (string)example["type"]!;
        return new Problem(
            type[(type.IndexOf('#', StringComparison.Ordinal) + 1)..],
            (string)example["title"]!,
            (int)example["status"]!,
            (string)response["description"]!,
            example.ToJsonString(Indented)
        );
    }

    private static JsonNode Resolve(JsonNode root, JsonNode node) =>
        (string?)node["$ref"] is { } reference ? reference[2..].Split('/').Aggregate(root, (at, key) => at[key]!) : node;

    /// <param name="Asks">What to try.</param>
    /// <param name="NeedsToken">Whether it is for tokens only.</param>
    /// <param name="Answer">An answer, as JSON; null where it would be this document.</param>
    public sealed record Address(
        string Method,
        string Path,
        string Summary,
        string Description,
        IReadOnlyList<Parameter> Parameters,
        IReadOnlyList<Ask> Asks,
        bool NeedsToken,
        string? Answer
    );

    /// <param name="Address">A question to try, or where the body goes, from the root of the site.</param>
    /// <param name="Summary">What the body says; null without one.</param>
    /// <param name="Body">JSON in a line; null where there is none.</param>
    public sealed record Ask(string Address, string? Summary, string? Body);

    /// <param name="In">path, query or header.</param>
    public sealed record Parameter(string Name, string In, bool Required, string Description);

    /// <param name="Name">The last part of the problem's type.</param>
    public sealed record Problem(string Name, string Title, int Status, string Description, string Answer);
}
