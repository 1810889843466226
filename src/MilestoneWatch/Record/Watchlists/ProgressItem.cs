using MilestoneWatch.Domain.Evidence;
using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>A value of a quantity, in the milestone's unit, never negative.</summary>
internal sealed record ProgressItem(
    decimal Value,
    LocalDate? On,
    string? Note,
    string? Quote,
    bool Verbatim,
    Standing Standing,
    string? Source,
    int Line
) : IFact
{
    public LocalDate? OwnDate => On;

    public IFact Bare(string? source) => this with { Source = source, Line = 0 };
}
