using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MilestoneWatch.Tests.Record.Watchlists;

/// <summary>As much of JSON Schema 2020-12 as the watchlist's schema uses; a keyword that it does not know throws.</summary>
internal sealed class JsonSchema(JsonNode root)
{
    private static readonly HashSet<string> Said = ["$schema", "$defs", "title", "description", "then", "else"];

    public bool Accepts(JsonNode? node) => Accepts(root.AsObject(), node);

    /// <summary>Every object that the schema describes, with its name in it.</summary>
    public IEnumerable<JsonObject> Objects() =>
        Within(root).Where(schema => schema.ContainsKey("properties") && schema["additionalProperties"] is JsonValue);

    private bool Accepts(JsonObject schema, JsonNode? node) =>
        schema.All(word => Said.Contains(word.Key) || Holds(schema, word.Key, word.Value!, node));

    private bool Holds(JsonObject schema, string word, JsonNode rule, JsonNode? node) =>
        word switch
        {
            "$ref" => Accepts(Resolve(rule.GetValue<string>()), node),
            "type" => rule is JsonArray types ? types.Any(type => IsA(type!.GetValue<string>(), node)) : IsA(rule.GetValue<string>(), node),
            "enum" => rule.AsArray().Any(value => JsonNode.DeepEquals(value, node)),
            "const" => JsonNode.DeepEquals(rule, node),
            "anyOf" => rule.AsArray().Any(one => Accepts(one!.AsObject(), node)),
            "allOf" => rule.AsArray().All(one => Accepts(one!.AsObject(), node)),
            "if" => Accepts(rule.AsObject(), node)
                ? schema["then"] is not JsonObject then || Accepts(then, node)
                : schema["else"] is not JsonObject other || Accepts(other, node),
            "required" => node is not JsonObject map || rule.AsArray().All(key => map.ContainsKey(key!.GetValue<string>())),
            "properties" => node is not JsonObject map
                || rule.AsObject().All(p => !map.ContainsKey(p.Key) || Accepts(p.Value!.AsObject(), map[p.Key])),
            "additionalProperties" => node is not JsonObject map
                || map.All(p => schema["properties"]?[p.Key] is not null || (rule is JsonObject other && Accepts(other, p.Value))),
            "propertyNames" => node is not JsonObject map || map.All(p => Accepts(rule.AsObject(), JsonValue.Create(p.Key))),
            "items" => node is not JsonArray list || list.All(item => Accepts(rule.AsObject(), item)),
            "maxItems" => node is not JsonArray list || list.Count <= rule.GetValue<int>(),
            "uniqueItems" => node is not JsonArray list || list.Select(item => item?.ToJsonString()).Distinct().Count() == list.Count,
            "pattern" => !IsA("string", node) || Regex.IsMatch(node!.GetValue<string>(), rule.GetValue<string>()),
            "minLength" => !IsA("string", node) || node!.GetValue<string>().Length >= rule.GetValue<int>(),
            "maxLength" => !IsA("string", node) || node!.GetValue<string>().Length <= rule.GetValue<int>(),
            "minimum" => !IsA("number", node) || Number(node) >= Number(rule),
            "maximum" => !IsA("number", node) || Number(node) <= Number(rule),
            "exclusiveMaximum" => !IsA("number", node) || Number(node) < Number(rule),
            _ => throw new NotSupportedException(word),
        };

    private JsonObject Resolve(string reference) => root["$defs"]![reference["#/$defs/".Length..]]!.AsObject();

    private static decimal Number(JsonNode? node) => decimal.Parse(node!.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsA(string type, JsonNode? node) =>
        (type, node?.GetValueKind() ?? JsonValueKind.Null) switch
        {
            ("null", JsonValueKind.Null) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) => true,
            ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) => true,
            ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
            ("integer", JsonValueKind.Number) => Number(node) % 1 == 0,
            _ => false,
        };

    private static IEnumerable<JsonObject> Within(JsonNode? node) =>
        node switch
        {
            JsonObject map => map.SelectMany(p => Within(p.Value)).Prepend(map),
            JsonArray list => list.SelectMany(Within),
            _ => [],
        };
}
