using NodaTime;

namespace MilestoneWatch.Domain.Ledger;

/// <summary>Where a fact was read, as printed beside it.</summary>
public sealed record Citation(long Id, string Publisher, string? Title, string? Url, LocalDate? PublishedOn);
