namespace MilestoneWatch.Faults;

/// <summary>A broken promise, made by hand.</summary>
internal enum Sabotage
{
    None,

    /// <summary>One accepted mail is struck from the raw log.</summary>
    Lose,

    /// <summary>One mail is in the raw log once more, though no attempt was in doubt.</summary>
    Duplicate,

    /// <summary>The same, with a byte changed.</summary>
    Change,
}
