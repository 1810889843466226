using NodaTime;

namespace MilestoneWatch.Delivery;

/// <summary>A message to one recipient, with everything but the audience's shared segments.</summary>
internal sealed record NewDelivery
{
    public required string Recipient { get; init; }
    public long? SubscriberId { get; init; }
    public required string Address { get; init; }
    public required Instant Slot { get; init; }
    public required string Key { get; init; }
    public required string Purpose { get; init; }
    public required long AudienceId { get; init; }
    public required string EnvelopeFrom { get; init; }
    public required byte[] Headers { get; init; }
    public required IReadOnlyList<ReadOnlyMemory<byte>> Personal { get; init; }
    public required Instant CreatedAt { get; init; }

    /// <summary>How long after it is written it is still worth sending.</summary>
    public Duration Life { get; init; } = Duration.FromDays(4);
}
