using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Where a milestone or question stands, and since when. <see cref="Override"/> is why it is settled without evidence. The line is the status's.</summary>
internal sealed record StatusItem(Status Is, LocalDate? On, string? Override, string? Source, Remarks Remarks, int Line) : IFact
{
    public LocalDate? OwnDate => On;

    public IFact Bare(string? source) => this with { Source = source, Line = 0 };
}
