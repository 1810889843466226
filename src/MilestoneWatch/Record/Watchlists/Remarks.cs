using MilestoneWatch.Domain.Evidence;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>What may be said beside a fact: a note in the watchers' words, and what the source says. Only a verbatim quote is printed in quotation marks.</summary>
internal sealed record Remarks(string? Note, string? Quote, bool Verbatim, Standing? Standing);
