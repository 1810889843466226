using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>What is on record of a subject, as a file would say it, and where each of its facts stands.</summary>
internal sealed record RecordedWatchlist(Watchlist Watchlist, SaidLast Said)
{
    private readonly Dictionary<(string List, string Content), long> positions = [];
    private readonly Dictionary<string, string> identities = Watchlist.Sources.ToDictionary(s => s.Name, Identity, StringComparer.Ordinal);

    /// <summary>By slug: the milestones and questions, with their entries.</summary>
    public required IReadOnlyDictionary<string, (Milestone Milestone, IReadOnlyList<Entry> History)> Ledgers { get; init; }

    /// <summary>Where a fact that says the same, of the same source by whatever name, is on record.</summary>
    public long? Find(string list, IFact fact, IReadOnlyDictionary<string, SourceItem> sources) =>
        positions.TryGetValue((list, Content(fact, fact.Source is { } name ? Identity(sources[name]) : null)), out var at) ? at : null;

    public void Stands(string list, IFact fact, long at) =>
        positions.TryAdd((list, Content(fact, fact.Source is { } name ? identities[name] : null)), at);

    public static string Identity(SourceItem source) => Identity(source.Publisher, source.Title, source.Url?.OriginalString);

    public static string Identity(string publisher, string? title, string? url) =>
        SaidLast.Json(new[] { publisher, title ?? "", url ?? "" });

    public static string Content(IFact fact, string? identity) => SaidLast.Json(fact.Bare(identity));
}
