using NodaTime;

namespace MilestoneWatch.Bounces;

/// <summary>The mail that a report is about, as it was sent.</summary>
internal sealed record BouncedDelivery
{
    public long Id { get; init; }
    public string Recipient { get; init; } = "";
    public string Address { get; init; } = "";
    public Instant SentAt { get; init; }
}
