using NodaTime;

namespace MilestoneWatch.Web.Views;

/// <summary>How far a measured promise has come.</summary>
/// <param name="Value">The newest reading, in <paramref name="Unit"/>; null when there is none yet.</param>
/// <param name="Standing">The reading's standing, as a word ("reported").</param>
/// <param name="AtLeast">True when the target is to be reached from below, false when from above.</param>
public sealed record ProgressView(
    decimal? Value,
    decimal Target,
    string Unit,
    LocalDate? AsOf = null,
    string? Standing = null,
    bool AtLeast = true
);
