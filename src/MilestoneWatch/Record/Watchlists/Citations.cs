using MilestoneWatch.Domain.Ledger;
using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>A file's sources as the ledger cites them; each is on record once it is cited.</summary>
internal sealed class Citations(Unit unit, IReadOnlyDictionary<string, SourceItem> sources, Instant now)
{
    private readonly Dictionary<string, Citation> cited = new(StringComparer.Ordinal);

    public async Task<Citation?> OfAsync(string? name, CancellationToken ct)
    {
        if (name is null)
            return null;
        if (!cited.TryGetValue(name, out var citation))
        {
            var source = sources[name];
            citation = await SourceStore.EnsureAsync(
                unit,
                new SourceNamed(source.Publisher, source.Title, source.Url?.OriginalString, source.PublishedOn),
                now,
                ct
            );
            cited[name] = citation;
        }
        return citation;
    }

    public LocalDate? PublishedOn(string? name) => name is null ? null : sources[name].PublishedOn;
}
