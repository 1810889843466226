using NodaTime;

namespace MilestoneWatch.Delivery;

/// <summary>One delivery as ops look at it.</summary>
internal sealed record DeliveryRow
{
    public long Id { get; init; }
    public string Purpose { get; init; } = "";
    public string Address { get; init; } = "";
    public string State { get; init; } = "";
    public Instant DueSlot { get; init; }
    public int Attempts { get; init; }
    public int? LastCode { get; init; }
    public string? LastReply { get; init; }
}
