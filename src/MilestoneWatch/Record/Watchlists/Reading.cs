using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>How another source prints the same promise, and what it takes it to mean.</summary>
internal sealed record Reading(string Phrase, Window Window, string? Means, string? Note, string Source, bool Conflicts, int Line) : IFact
{
    public LocalDate? OwnDate => null;
}
