using MilestoneWatch.Domain.Ledger;
using NodaTime;

namespace MilestoneWatch.Domain.Checks;

/// <summary>One thing that the clock can say of a milestone, from the instant at which it becomes true.</summary>
/// <param name="At">When it becomes true.</param>
/// <param name="Key">The position of the entry that it follows from, plus the threshold: said once for each.</param>
/// <param name="Said">What is said.</param>
public sealed record Occasion(Instant At, string Key, ClockSaid Said);
