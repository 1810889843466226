namespace MilestoneWatch.Record.Watchlists;

/// <summary>Where a fact of the file is on record (an entry's position, or the id of a quote or context), and what the ledger does not hold of it.</summary>
internal sealed record FactLink(long At, string? Source, IReadOnlyList<string>? Ours);
