namespace MilestoneWatch.Domain.Checks;

/// <summary>Why a milestone waits for an analyst.</summary>
public enum Waiting
{
    /// <summary>Its window has closed and nothing on record settles it.</summary>
    WindowClosed,

    /// <summary>What is on record has reached the target, and nobody has said whether that settles it.</summary>
    TargetReached,

    /// <summary>On the earlier reading of its date it is due, and nobody has looked since.</summary>
    MayBeDue,

    /// <summary>Nothing of substance for long, and nobody has looked for as long.</summary>
    GoneQuiet,
}
