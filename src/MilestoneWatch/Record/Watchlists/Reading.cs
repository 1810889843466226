using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>How another source prints the same promise, and what it takes it to mean.</summary>
internal sealed record Reading(
    string Phrase,
    string? ReadAs,
    Window Window,
    string? Means,
    string? Source,
    bool Conflicts,
    Remarks Remarks,
    int Line
) : IFact
{
    public LocalDate? OwnDate => null;

    public IFact Bare(string? source) => this with { Source = source, Line = 0 };
}
