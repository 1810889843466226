using NodaTime;

namespace MilestoneWatch.Delivery;

/// <summary>A bounce or a complaint about one delivery.</summary>
internal sealed record DeliveryReport
{
    public string Kind { get; init; } = "";
    public string? Proof { get; init; }
    public string? Status { get; init; }
    public string? Diagnostic { get; init; }
    public Instant ReadAt { get; init; }
}
