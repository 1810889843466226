namespace MilestoneWatch.Delivery;

/// <summary>A delivery that did as it was told.</summary>
internal sealed record OrderedDelivery
{
    public long Id { get; init; }

    /// <summary>How it stands now.</summary>
    public string State { get; init; } = "";
    public string Address { get; init; } = "";
}
