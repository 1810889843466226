using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>
/// A promised date in its own words. <see cref="ReadAs"/> is the same date in words that can be read, where its own cannot;
/// <see cref="FirstSeenOn"/> stands in where the source does not date it. The line is the phrase's.
/// </summary>
internal sealed record Promise(
    string Phrase,
    string? ReadAs,
    Window Window,
    LocalDate? On,
    LocalDate? FirstSeenOn,
    string? Source,
    Remarks Remarks,
    int Line
) : IFact
{
    public LocalDate? OwnDate => On ?? FirstSeenOn;

    public IFact Bare(string? source) => this with { Source = source, Line = 0 };
}
