using NodaTime;

namespace MilestoneWatch.Subscribers;

/// <summary>A reader as a list shows them.</summary>
public sealed record ReaderLine
{
    public long Id { get; init; }
    public string Email { get; init; } = "";
    public string State { get; init; } = "";
    public string Cadence { get; init; } = "";
    public Instant? LastDigestAt { get; init; }
    public Instant? NextDueAt { get; init; }
    public Instant CreatedAt { get; init; }

    /// <summary>Why no mail is sent to the address: hard, soft, complaint or manual; null where it is.</summary>
    public string? Suppressed { get; init; }
}
