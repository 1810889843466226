namespace MilestoneWatch.Web.Views;

/// <summary>How somebody else prints the same promise.</summary>
/// <param name="Means">What they take it to mean ("construction starts"), where they say.</param>
/// <param name="Conflicts">True when it cannot hold together with the promise that stands.</param>
public sealed record ReadingView(string Phrase, string Publisher, string? Means = null, bool Conflicts = false, int? Footnote = null);
