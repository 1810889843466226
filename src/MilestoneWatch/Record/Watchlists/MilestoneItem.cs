using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>
/// One milestone of a watchlist. Target, unit and direction are a quantity's; relations, baseline, threshold and aliases a tally's.
/// <see cref="Earlier"/> are the promises before the current one, oldest first; <see cref="KeyLines"/> tells where each key stands.
/// </summary>
internal sealed record MilestoneItem(
    string Slug,
    string Title,
    string? Name,
    string? ShortName,
    string? Outcome,
    MilestoneKind Kind,
    string? Detail,
    string? CountsWhen,
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
    StatusItem? Status,
    Promise? Promised,
    IReadOnlyList<Promise> Earlier,
    IReadOnlyList<Reading> Readings,
    IReadOnlyList<ProgressItem> Progress,
    IReadOnlyList<EvidenceItem> Evidence,
    IReadOnlySet<string> Ours,
    IReadOnlyDictionary<string, int> KeyLines,
    int Line
)
{
    /// <summary>The line of a key, or the milestone's.</summary>
    public int LineOf(string key) => KeyLines.GetValueOrDefault(key, Line);
}
