using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Domain.Ledger;

/// <summary>One line of the ledger. The body is null once redacted.</summary>
public sealed record Entry
{
    public required long Position { get; init; }
    public required EntryKind Kind { get; init; }
    public required Instant RecordedAt { get; init; }

    /// <summary>The day it happened in the world, in the milestone's zone.</summary>
    public LocalDate? HappenedOn { get; init; }

    /// <summary>For what the clock said: the instant at which it became true.</summary>
    public Instant? HappenedAt { get; init; }
    public Guid? Actor { get; init; }

    /// <summary>For what the clock said: what makes it one saying, so that it is said once.</summary>
    public string? Occasion { get; init; }

    /// <summary>The position that a retraction or redaction is about.</summary>
    public long? Retracts { get; init; }
    public EntryBody? Body { get; init; }
    public required MilestoneState State { get; init; }
}
