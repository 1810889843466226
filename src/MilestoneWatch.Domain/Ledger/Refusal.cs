namespace MilestoneWatch.Domain.Ledger;

/// <summary>Why a change was not recorded: what was wrong, where, and what to do. Nothing was changed.</summary>
public sealed record Refusal(string Reason);
