namespace MilestoneWatch.Domain.Forecasts;

/// <summary>What became of "achieved by the end of that day".</summary>
public enum Outcome
{
    /// <summary>The day has not passed, or it was achieved on a day that is not on record.</summary>
    Unresolved,

    /// <summary>Achieved on that day or before it.</summary>
    Happened,

    /// <summary>Achieved later, or missed, or the day has passed without it.</summary>
    DidNotHappen,

    /// <summary>Cancelled, or a question, which has no yes or no: nothing is scored.</summary>
    Void,
}
