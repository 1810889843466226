using System.Text.Json.Nodes;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using MilestoneWatch.Web;
using NodaTime;

namespace MilestoneWatch.Api;

/// <summary>
/// Milestones and entries as anyone may read them: what the public pages show. Who recorded an entry, why words were removed, how and when
/// analysts are reminded stay inside.
/// </summary>
internal static class PublicJson
{
    private static readonly string[] SourceKeys = ["publisher", "title", "url", "published_on"];

    /// <summary>What the pages show of a definition; a new key stays inside until it is named here.</summary>
    private static readonly HashSet<string> DefinitionKeys = new(StringComparer.Ordinal)
    {
        "title",
        "name",
        "short_name",
        "outcome",
        "detail",
        "counts_when",
        "ours",
        "target",
        "unit",
        "direction",
        "baseline",
        "threshold",
        "conflicts",
        "about",
    };

    private static readonly Dictionary<Guid, string> Nobody = [];

    public static JsonObject Of(Milestone milestone, IReadOnlyList<Entry> history, Instant now)
    {
        var json = MilestoneJson.Of(milestone, history, now);
        json.Remove("waiting");
        foreach (var reading in json["readings"]!.AsArray())
        {
            reading!["source"] = Source(reading["source"]);
        }
        return json;
    }

    /// <param name="entries">The entries to write.</param>
    /// <param name="retractions">The milestone's retractions, as far as they are known.</param>
    public static JsonArray History(IReadOnlyList<Entry> entries, IReadOnlyList<Entry> retractions)
    {
        var history = MilestoneJson.History(entries, Nobody, retractions);
        foreach (var (entry, json) in entries.Zip(history.Select(node => node!.AsObject())))
        {
            json.Remove("actor");
            json["source"] = Source(json["source"]);
            if (entry.Kind is EntryKind.Retracted or EntryKind.Redacted)
            {
                // of a retraction the pages tell the reason, of a removal that there was one
                json["note"] = json["source"] = json["quote"] = json["standing"] = null;
            }
            if (entry.Kind == EntryKind.Redacted)
            {
                json["body"] = null;
            }
            if (json["body"] is JsonObject body)
            {
                body.Remove("name_key");
                if (body["definition"] is JsonObject definition)
                {
                    foreach (var key in definition.Select(pair => pair.Key).Where(key => !DefinitionKeys.Contains(key)).ToList())
                    {
                        definition.Remove(key);
                    }
                }
            }
        }
        return history;
    }

    private static JsonObject? Source(JsonNode? source)
    {
        if (source is null)
        {
            return null;
        }
        var shown = new JsonObject();
        foreach (var key in SourceKeys)
        {
            shown[key] = source[key]?.DeepClone();
        }
        // a stored "javascript:" is no address of the web
        if (Links.Outside((string?)shown["url"]) is null)
        {
            shown["url"] = null;
        }
        return shown;
    }
}
