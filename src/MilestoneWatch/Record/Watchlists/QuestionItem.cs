using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>A question left open; <see cref="About"/> holds the slugs of the milestones that it bears on.</summary>
internal sealed record QuestionItem(
    string Slug,
    string Text,
    IReadOnlyList<string> About,
    string? Source,
    StatusItem? Status,
    IReadOnlyList<EvidenceItem> Evidence,
    int Line
) : IFact
{
    public LocalDate? OwnDate => null;

    public IFact Bare(string? source) => this with { Source = source, About = [], Status = null, Evidence = [], Line = 0 };
}
