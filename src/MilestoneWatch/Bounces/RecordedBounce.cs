namespace MilestoneWatch.Bounces;

/// <summary>What came of one report.</summary>
/// <param name="Reading">What was read.</param>
/// <param name="About">The address it counts for: the one that was mailed, where a token says which; null where nobody is proven.</param>
/// <param name="Proof">return_path, link or door; null for what could come from anybody, and counts for nothing.</param>
/// <param name="Counted">False for a report that was counted before.</param>
/// <param name="Suppressed">Whether the address is not written to any more because of it.</param>
internal sealed record RecordedBounce(BounceReading Reading, string? About, string? Proof, bool Counted, bool Suppressed);
