namespace MilestoneWatch.Record;

/// <summary>Who put an entry on record, and through which door; both null for what an older version recorded, the analyst for the clock.</summary>
internal sealed record AuditRow(long Position, long MilestoneId, string Slug, string? Analyst, Door? Door, long? RetractedBy);
