using MilestoneWatch.Domain.Ledger;
using NodaTime;

namespace MilestoneWatch.Record;

/// <summary>Who put an entry on record, when, and through which door: null for what an older version recorded; no analyst is the clock.</summary>
internal sealed record AuditRow
{
    public required long Position { get; init; }
    public required Instant RecordedAt { get; init; }
    public required long MilestoneId { get; init; }
    public required string Slug { get; init; }
    public required EntryKind Kind { get; init; }
    public string? Analyst { get; init; }
    public Door? Door { get; init; }
    public LocalDate? HappenedOn { get; init; }
    public long? Retracts { get; init; }
    public long? RetractedBy { get; init; }
}
