namespace MilestoneWatch.Record;

/// <summary>What came of a request: recorded, or refused with nothing changed.</summary>
internal abstract record RecordOutcome
{
    internal sealed record Recorded(long Position, string Slug) : RecordOutcome;

    /// <param name="Reason">What was wrong, and what to do.</param>
    /// <param name="Stale">Whether it is only that somebody changed the milestone since the caller looked.</param>
    internal sealed record Refused(string Reason, bool Stale = false) : RecordOutcome;
}
