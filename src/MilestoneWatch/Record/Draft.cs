using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Record;

/// <summary>An entry that is about to be recorded. A null state keeps the milestone's: the clock's own entries change none.</summary>
internal sealed record Draft(long MilestoneId, EntryBody Body, MilestoneState? State)
{
    public EntryKind Kind => Body.Change.Kind;
    public string? Occasion { get; init; }
    public LocalDate? HappenedOn { get; init; }
    public Instant? HappenedAt { get; init; }
    public Guid? Actor { get; init; }
    public long? Retracts { get; init; }
    public Instant? NextCheckAt { get; init; }
}
