namespace MilestoneWatch.Domain.Milestones;

/// <summary>One milestone in its promiser's record.</summary>
/// <param name="Milestone">As known at the instant asked about.</param>
/// <param name="Date">What became of its first date.</param>
/// <param name="SlipInDays">
/// From the first window's latest day to the present one's, positive is later; null if it was never moved, or if either is open.
/// </param>
public sealed record FirstPromise(Milestone Milestone, FirstDate Date, int? SlipInDays);
