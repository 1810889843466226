namespace MilestoneWatch.Delivery;

/// <summary>How the deliveries stand.</summary>
internal sealed record DeliveryCounts
{
    public long Waiting { get; init; }
    public long Unknown { get; init; }
    public long Dead { get; init; }

    /// <summary>What the relay said when it last took no mail at all, if mails wait because of it.</summary>
    public string? Trouble { get; init; }
}
