using MilestoneWatch.Domain.Evidence;

namespace MilestoneWatch.Domain.Ledger;

/// <summary>Everything an entry says in words. Its exact text is what the ledger's hash covers.</summary>
public sealed record EntryBody(Change Change)
{
    public string? Note { get; init; }
    public Citation? Source { get; init; }
    public string? Quote { get; init; }

    /// <summary>A paraphrase is never printed in quotation marks.</summary>
    public bool Verbatim { get; init; }

    /// <summary>The words are the watchers', not the source's.</summary>
    public bool Ours { get; init; }
    public Standing? Standing { get; init; }
}
