using System.Text.Json;
using System.Text.Json.Nodes;
using MilestoneWatch.Postgres;

namespace MilestoneWatch.Api;

/// <summary>The API's document as people read it: each address with its parameters, a question to try and its answer.</summary>
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
            [.. root["paths"]!.AsObject().Select(path => AddressOf(root, path.Key, path.Value!["get"]!))],
            [.. root["components"]!["responses"]!.AsObject().Select(pair => ProblemOf(pair.Value!))]
        );
    }

    private static Address AddressOf(JsonNode root, string path, JsonNode read) =>
        new(
            path,
            (string)read["summary"]!,
            (string)read["description"]!,
            (string)read["x-ask"]!,
            [
                .. read["parameters"]!
                    .AsArray()
                    .Select(node => Resolve(root, node!))
                    .Select(one => new Parameter(
                        (string)one["name"]!,
                        (string)one["in"]!,
                        (bool)one["required"]!,
                        (string)one["description"]!
                    )),
            ],
            read["responses"]!["200"]!["content"]!["application/json"]!["example"]?.ToJsonString(Indented)
        );

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

    /// <param name="Ask">A question to try, from the root of the site.</param>
    /// <param name="Answer">An answer, as JSON; null where it would be this document.</param>
    public sealed record Address(
        string Path,
        string Summary,
        string Description,
        string Ask,
        IReadOnlyList<Parameter> Parameters,
        string? Answer
    );

    /// <param name="In">path, query or header.</param>
    public sealed record Parameter(string Name, string In, bool Required, string Description);

    /// <param name="Name">The last part of the problem's type.</param>
    public sealed record Problem(string Name, string Title, int Status, string Description, string Answer);
}
