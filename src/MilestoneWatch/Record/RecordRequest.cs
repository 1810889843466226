using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using NodaTime;

namespace MilestoneWatch.Record;

/// <summary>What an analyst wants on record.</summary>
internal sealed record RecordRequest(string Slug, Change Change, string Actor)
{
    /// <summary>A second change, recorded with the first or not at all.</summary>
    public Change? Then { get; init; }
    public LocalDate? HappenedOn { get; init; }
    public string? Note { get; init; }
    public SourceNamed? Source { get; init; }
    public string? Quote { get; init; }
    public bool Verbatim { get; init; }
    public Standing? Standing { get; init; }

    /// <summary>The revision that the analyst saw; null takes the newest, and tries again when someone was faster.</summary>
    public int? Revision { get; init; }
}
