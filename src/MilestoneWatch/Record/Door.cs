namespace MilestoneWatch.Record;

/// <summary>Through which door an entry came; kept beside it, for whoever checks who recorded what.</summary>
public enum Door
{
    /// <summary>The clock's own.</summary>
    Check,
    Import,
    Cli,

    /// <summary>The analysts' pages.</summary>
    Desk,

    /// <summary>A button of a nudge mail.</summary>
    Nudge,
    Api,
}
