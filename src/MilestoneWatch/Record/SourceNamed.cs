using NodaTime;

namespace MilestoneWatch.Record;

/// <summary>A source as someone names it, before it has an id.</summary>
internal sealed record SourceNamed(string Publisher, string? Title = null, string? Url = null, LocalDate? PublishedOn = null)
{
    /// <summary>When it was read.</summary>
    public Instant? RetrievedAt { get; init; }

    /// <summary>The text that was read, word for word.</summary>
    public string? Content { get; init; }
}
