namespace MilestoneWatch.Domain.Digests;

/// <summary>How far a number on record has come towards its target.</summary>
public sealed record ChartOfProgress : Chart
{
    /// <summary>"40 MW (20%)".</summary>
    public required string Value { get; init; }

    /// <summary>"target 200 MW".</summary>
    public required string Target { get; init; }

    /// <summary>Where the number is now, from 0 to 100.</summary>
    public required decimal Reached { get; init; }

    /// <summary>Where it was before; null for the first number.</summary>
    public decimal? Before { get; init; }

    /// <summary>Where the target is: 100, unless the number has passed it.</summary>
    public required decimal TargetAt { get; init; }
}
