using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>A watchlist file, read and valid: every source, milestone and relation that an item names is there.</summary>
internal sealed record Watchlist(
    SubjectItem Subject,
    LocalDate? AsOf,
    IReadOnlyList<SourceItem> Sources,
    IReadOnlyList<MilestoneItem> Milestones,
    IReadOnlyList<QuestionItem> Questions,
    IReadOnlyList<QuoteItem> Quotes,
    IReadOnlyList<ContextItem> Context
);
