using MilestoneWatch.Domain.Evidence;
using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>What a source says about a milestone. Name and relation are a tally's; a quote that is not verbatim is never printed in quotation marks.</summary>
internal sealed record EvidenceItem(
    string? Name,
    string? Relation,
    string Quote,
    bool Verbatim,
    Stance Stance,
    Standing Standing,
    LocalDate? On,
    string? Source,
    IReadOnlySet<string> Ours,
    int Line
) : IFact
{
    public LocalDate? OwnDate => On;
}
