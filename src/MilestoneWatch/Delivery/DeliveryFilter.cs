using NodaTime;

namespace MilestoneWatch.Delivery;

/// <summary>Which deliveries are meant; what is null leaves them all.</summary>
internal sealed record DeliveryFilter
{
    private static readonly string[] Open = ["ready", "leased", "sending", "unknown"];

    public string[]? States { get; init; }

    /// <summary>A reader's or an analyst's address, as typed.</summary>
    public string? To { get; init; }
    public string? Purpose { get; init; }

    /// <summary>Due at or after it.</summary>
    public Instant? Since { get; init; }

    /// <summary>Due before it.</summary>
    public Instant? Until { get; init; }

    /// <summary>Words of the last reply.</summary>
    public string? Reply { get; init; }

    /// <summary>Follows from the states, and lets the database look among what is open only, or not at all there; null where both are meant.</summary>
    public bool? IsOpen =>
        States is null ? null
        : Array.TrueForAll(States, state => Open.Contains(state)) ? true
        : Array.TrueForAll(States, state => !Open.Contains(state)) ? false
        : null;
}
