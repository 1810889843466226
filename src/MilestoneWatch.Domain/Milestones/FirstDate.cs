namespace MilestoneWatch.Domain.Milestones;

/// <summary>What became of the first date that was promised: of its window's latest day.</summary>
public enum FirstDate
{
    /// <summary>Achieved on that day or before it.</summary>
    Kept,

    /// <summary>Achieved after it.</summary>
    Late,

    /// <summary>Settled as missed.</summary>
    Missed,

    /// <summary>Settled as cancelled.</summary>
    CalledOff,

    /// <summary>The day has passed, and the promise was moved to a later date or to an open one; not settled yet.</summary>
    MovedPast,

    /// <summary>The day has passed, and nothing on record says what happened. No miss.</summary>
    StillOpen,

    /// <summary>The day has not passed, and nothing is settled.</summary>
    NotYetDue,

    /// <summary>No day to judge by: none was promised, its end is open, or it was achieved on a day that is not on record.</summary>
    NoDay,
}
