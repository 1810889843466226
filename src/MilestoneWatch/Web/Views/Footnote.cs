using NodaTime;

namespace MilestoneWatch.Web.Views;

/// <summary>A source, as a footnote. All but the publisher may be unknown.</summary>
/// <param name="Number">From 1, in the order of the page.</param>
/// <param name="Standing">How it stands, as a word: confirmed, reported, claimed, unclear.</param>
public sealed record Footnote(
    int Number,
    string Publisher,
    string? Title = null,
    string? Url = null,
    LocalDate? PublishedOn = null,
    Instant? RetrievedAt = null,
    string? Standing = null
);
