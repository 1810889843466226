using NodaTime;

namespace MilestoneWatch.Record;

/// <summary>A source as someone names it, before it has an id.</summary>
internal sealed record SourceNamed(string Publisher, string? Title = null, string? Url = null, LocalDate? PublishedOn = null);
