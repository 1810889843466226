namespace MilestoneWatch.Record.Watchlists;

/// <summary>What a watchlist says this time, beside what it said last and what is on record: which of it is news, and what to remember.</summary>
internal sealed class Saying(RecordedWatchlist recorded, IReadOnlyDictionary<string, SourceItem> sources)
{
    private readonly Dictionary<string, string> said = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, (string List, IFact Fact, long? At)> facts = new(StringComparer.Ordinal);
    private readonly ILookup<(string List, long At), string> keys = recorded.Said.Links().ToLookup(l => (l.List, l.Link.At), l => l.Key);

    /// <summary>Whether this was not said last time.</summary>
    public bool Say<T>(string key, T value) => SayText(key, value is null ? "" : SaidLast.Json(value));

    /// <summary>Whether this was not said last time.</summary>
    public bool SayText(string key, string value)
    {
        if ((recorded.Said[key] ?? "") == value)
            return false;
        said[key] = value;
        return true;
    }

    /// <summary>Whether this was not said last time. Only its mark is kept: the words are the ledger's, where they can be redacted.</summary>
    public bool SayMarked(string key, string value)
    {
        var isNew = SayText(key, SaidLast.MarkOf(value));
        // said before marks were kept
        return isNew && recorded.Said[key] != value;
    }

    /// <summary>A list's facts that were neither said last time nor are on record; of the same said twice, one.</summary>
    public IReadOnlyList<T> News<T>(string list, IReadOnlyList<T> items)
        where T : IFact
    {
        var news = new List<T>();
        foreach (var item in items)
        {
            var key = SaidLast.KeyOf(list, item);
            var link = recorded.Said.LinkOf(list, item);
            if (
                facts.TryAdd(key, (list, item, link?.At ?? recorded.Find(list, item, sources)))
                && recorded.Said[key] is null
                && facts[key].At is null
            )
                news.Add(item);
        }
        return news;
    }

    /// <summary>Where a fact stands from now on: an id, or the ordinal of a draft.</summary>
    public void Stands(string list, IFact fact, long at) => facts[SaidLast.KeyOf(list, fact)] = (list, fact, at);

    /// <summary>Where it stands already, if the record says precisely that.</summary>
    public void MayStand(string list, IFact? fact)
    {
        if (fact is not null && recorded.Find(list, fact, sources) is { } at)
            Stands(list, fact, at);
    }

    public void Order<T>(string list, IEnumerable<T> names)
        where T : notnull => Say($"order/{list}", recorded.Said.Merged(list, names.ToList()));

    /// <summary>All that is to be remembered and was not.</summary>
    /// <param name="positions">Of the drafts, in their order.</param>
    public Dictionary<string, string> Facts(IReadOnlyList<long?> positions)
    {
        var orders = new OrderedDictionary<string, List<long>>(StringComparer.Ordinal);
        foreach (var (key, (list, fact, place)) in facts)
        {
            if (!orders.TryGetValue(list, out var order))
                orders[list] = order = [];
            if ((place < 0 ? positions[(int)-place.Value - 1] : place) is not { } at)
            {
                // said before links were kept, and redacted or retracted since
                SayText(key, recorded.Said[key] ?? "");
                continue;
            }
            order.Add(at);
            foreach (var stale in keys[(list, at)].Where(stale => stale != key))
                SayText(stale, "");
            var ours = (fact as EvidenceItem)?.Ours.Order(StringComparer.Ordinal).ToList();
            Say(key, new FactLink(at, fact.Source, ours is { Count: > 0 } ? ours : null));
        }
        foreach (var (list, order) in orders)
            Order(list, order);
        return said;
    }
}
