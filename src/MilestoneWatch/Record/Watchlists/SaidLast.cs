using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MilestoneWatch.Postgres;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>What a watchlist said when it was last imported: each fact, where it is on record, and the order of the file.</summary>
internal sealed class SaidLast(IReadOnlyDictionary<string, string> facts)
{
    public string? this[string key] => facts.GetValueOrDefault(key);

    public T? Read<T>(string key) => facts.GetValueOrDefault(key) is { Length: > 0 } json ? Parse<T>(json) : default;

    /// <summary>A list's item has no name of its own: what it says is its key.</summary>
    public static string KeyOf(string list, IFact fact) => $"{list}/{MarkOf(Json(fact.Bare(fact.Source)))}";

    /// <summary>Tells whether a text is the same, and nothing of what it says.</summary>
    public static string MarkOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    public FactLink? LinkOf(string list, IFact fact) => Read<FactLink>(KeyOf(list, fact));

    /// <summary>All links, with the list that each is in and its key.</summary>
    public IEnumerable<(string List, string Key, FactLink Link)> Links() =>
        from fact in facts
        where fact.Value.StartsWith("{\"at\":", StringComparison.Ordinal)
        select (fact.Key[..fact.Key.LastIndexOf('/')], fact.Key, Parse<FactLink>(fact.Value)!);

    /// <summary>As described when last named: those of the last file first, in its order.</summary>
    public IEnumerable<SourceItem> Sources() =>
        Order<string>("sources")
            .Select(name => $"sources/{name}")
            .Union(
                facts.Keys.Where(key => key.StartsWith("sources/", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
                StringComparer.Ordinal
            )
            .Select(Read<SourceItem>)
            .OfType<SourceItem>();

    public IReadOnlyList<T> Order<T>(string list) => Read<List<T>>($"order/{list}") ?? [];

    /// <summary>The file's order; what it no longer names stays behind what it stood behind.</summary>
    public IReadOnlyList<T> Merged<T>(string list, IReadOnlyList<T> now)
        where T : notnull
    {
        var merged = now.Distinct().ToList();
        var last = Order<T>(list);
        for (var i = 0; i < last.Count; i++)
        {
            if (!merged.Contains(last[i]))
                merged.Insert(i == 0 ? 0 : merged.IndexOf(last[i - 1]) + 1, last[i]);
        }
        return merged;
    }

    public static string Json<T>(T value) => JsonSerializer.Serialize(value, value?.GetType() ?? typeof(T), LedgerJson.Options);

    private static T? Parse<T>(string json) => JsonSerializer.Deserialize<T>(json, LedgerJson.Options);
}
