using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>One milestone of a watchlist. Target, unit and direction are a quantity's; relations, baseline and threshold a tally's.</summary>
internal sealed record MilestoneItem(
    string Slug,
    string Title,
    string Name,
    string ShortName,
    string? Outcome,
    MilestoneKind Kind,
    string? Detail,
    string CountsWhen,
    string? Conflicts,
    string? Zone,
    decimal? Target,
    string? Unit,
    Direction? Direction,
    IReadOnlyDictionary<string, bool> Relations,
    IReadOnlyList<string> Baseline,
    int? Threshold,
    IReadOnlyDictionary<string, string> Aliases,
    IReadOnlyList<int>? ReminderDays,
    int? QuietDays,
    int? ForecastPoints,
    Promise? Promised,
    IReadOnlyList<Reading> Readings,
    IReadOnlyList<ProgressItem> Progress,
    IReadOnlyList<EvidenceItem> Evidence,
    IReadOnlySet<string> Ours,
    int Line
);
