using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>A question left open; <see cref="About"/> holds the slugs of the milestones that it bears on.</summary>
internal sealed record QuestionItem(
    string Slug,
    string Text,
    IReadOnlyList<string> About,
    string? Source,
    IReadOnlyList<EvidenceItem> Evidence,
    int Line
) : IFact
{
    public LocalDate? OwnDate => null;
}
