using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Benchmarks;

/// <summary>An entry to fill a ledger with: the milestone, what it says, and the state after it.</summary>
internal sealed record Line(long Milestone, long Position, Instant At, EntryBody Body, MilestoneState State);
