namespace MilestoneWatch.Record;

/// <summary>What came of a request: recorded, or refused with nothing changed.</summary>
internal abstract record RecordOutcome
{
    internal sealed record Recorded(long Position, string Slug) : RecordOutcome;

    internal sealed record Refused(string Reason) : RecordOutcome;
}
