using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>A sourced fact that is never due, shown beside milestones.</summary>
internal sealed record ContextItem(LocalDate? On, string Text, string? Source, int Line) : IFact
{
    public LocalDate? OwnDate => On;

    public IFact Bare(string? source) => this with { Source = source, Line = 0 };
}
