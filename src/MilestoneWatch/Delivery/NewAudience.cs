namespace MilestoneWatch.Delivery;

/// <summary>What is known of a rendering beside its body.</summary>
internal sealed record NewAudience
{
    public required string Purpose { get; init; }
    public long From { get; init; }
    public long To { get; init; }
    public required string Language { get; init; }
    public required string Subject { get; init; }

    /// <summary>What it tells, a line each milestone, for whoever asks later.</summary>
    public string[] Held { get; init; } = [];
}
