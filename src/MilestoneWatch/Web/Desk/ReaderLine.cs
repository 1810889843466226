using NodaTime;

namespace MilestoneWatch.Web.Desk;

/// <summary>A reader as the desk lists them.</summary>
public sealed record ReaderLine
{
    public long Id { get; init; }
    public string Email { get; init; } = "";
    public string State { get; init; } = "";
    public string Cadence { get; init; } = "";
    public Instant? LastDigestAt { get; init; }
    public Instant? NextDueAt { get; init; }

    /// <summary>Why no mail is sent to the address: hard, soft, complaint or manual; null where it is.</summary>
    public string? Suppressed { get; init; }
}
