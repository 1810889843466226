using System.Globalization;
using System.Text;
using MilestoneWatch.Domain.Ledger;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>What sources are called in a file: as the watchlist named them; one that only analysts used is named after its publisher.</summary>
internal sealed class SourceNames
{
    private const int Longest = 60;
    private readonly OrderedDictionary<string, SourceItem> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> byIdentity = new(StringComparer.Ordinal);
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    /// <param name="known">Every source that the watchlist ever named.</param>
    /// <param name="named">Those that its last file named.</param>
    public SourceNames(IEnumerable<SourceItem> known, IEnumerable<string> named)
    {
        foreach (var source in known)
            Add(source);
        used.UnionWith(named);
    }

    public string? NameOf(Citation? citation, FactLink? link)
    {
        if (citation is null)
            return null;
        var name =
            link?.Source is { } said && byName.ContainsKey(said) ? said
            : byIdentity.TryGetValue(IdentityOf(citation), out var known) ? known
            : Name(citation);
        used.Add(name);
        return name;
    }

    public SourceItem? this[string? name] => name is not null && byName.TryGetValue(name, out var source) ? source : null;

    /// <summary>What the last file named, in its order; then what is cited besides, or led to one of them.</summary>
    public IReadOnlyList<SourceItem> Used()
    {
        foreach (var name in used.ToList())
        {
            for (var via = byName[name].Via; via is not null && used.Add(via); via = byName[via].Via) { }
        }
        return [.. byName.Values.Where(source => used.Contains(source.Name))];
    }

    private string Name(Citation citation)
    {
        var publisher = Characters.Allowed(citation.Publisher, lines: false) ?? "unknown";
        var stem = Slug(publisher);
        var name = stem;
        for (var i = 2; byName.ContainsKey(name); i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{stem}-{i}");
        Add(
            new SourceItem(
                name,
                publisher,
                Characters.Allowed(citation.Title, lines: false),
                Web(citation.Url),
                File: null,
                Via: null,
                About: null,
                FactItems.Day(citation.PublishedOn),
                Line: 0
            )
        );
        byIdentity[IdentityOf(citation)] = name;
        return name;
    }

    private void Add(SourceItem source)
    {
        byName[source.Name] = source;
        byIdentity.TryAdd(RecordedWatchlist.Identity(source), source.Name);
    }

    private static string IdentityOf(Citation citation) => RecordedWatchlist.Identity(citation.Publisher, citation.Title, citation.Url);

    private static Uri? Web(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? uri : null;

    private static string Slug(string publisher)
    {
        var slug = new StringBuilder();
        foreach (var c in publisher.Normalize(NormalizationForm.FormKD))
        {
            if (slug.Length == Longest)
                break;
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(char.ToLowerInvariant(c));
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        var name = slug.ToString().Trim('-');
        return name.Length == 0 ? "source" : name;
    }
}
