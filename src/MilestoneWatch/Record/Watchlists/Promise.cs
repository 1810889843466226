using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>A promised date in its own words. <see cref="FirstSeenOn"/> stands in where the source does not date it.</summary>
internal sealed record Promise(string Phrase, Window Window, LocalDate? On, LocalDate? FirstSeenOn, string? Source, int Line) : IFact
{
    public LocalDate? OwnDate => On ?? FirstSeenOn;
}
