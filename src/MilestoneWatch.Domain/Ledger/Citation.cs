using NodaTime;

namespace MilestoneWatch.Domain.Ledger;

/// <summary>Where a fact was read, as printed beside it.</summary>
public sealed record Citation(long Id, string Publisher, string? Title, string? Url, LocalDate? PublishedOn)
{
    /// <summary>When it was read; null where nobody said.</summary>
    public Instant? RetrievedAt { get; init; }

    /// <summary>In lower-case hex, of the text that was read, in UTF-8; null where the text was not kept.</summary>
    public string? Sha256 { get; init; }
}
