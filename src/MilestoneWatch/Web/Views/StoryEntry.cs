using NodaTime;

namespace MilestoneWatch.Web.Views;

/// <summary>One thing that happened to a milestone.</summary>
/// <param name="On">The day it happened.</param>
/// <param name="KindWord">What sort of thing it was, in a plain word or two ("Date moved").</param>
/// <param name="Note">The analyst's own words.</param>
/// <param name="Footnote">The source's number on this page; null when none was recorded.</param>
/// <param name="NeedsSource">Whether that none was recorded is worth saying: an opinion and a look have none.</param>
/// <param name="Retracted">True when a later entry took it back: it is shown, struck out.</param>
public sealed record StoryEntry(
    LocalDate On,
    string KindWord,
    string Sentence,
    string? Note = null,
    QuoteView? Quote = null,
    int? Footnote = null,
    bool Retracted = false,
    string? RetractedBecause = null,
    Instant? RecordedAt = null,
    bool NeedsSource = true
)
{
    /// <summary>Who says so: the source's publisher.</summary>
    public string? Publisher { get; init; }

    /// <summary>How what the source says stands, as a word ("reported"); null where it is unclear.</summary>
    public string? Standing { get; init; }

    /// <summary>The day it was taken back.</summary>
    public LocalDate? TakenBackOn { get; init; }
}
