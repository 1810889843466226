using MilestoneWatch.Domain.Evidence;
using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>What a source says about a milestone. Name and relation are a tally's; a quote that is not verbatim is never printed in quotation marks.</summary>
internal sealed record EvidenceItem(
    string? Name,
    string? Relation,
    string? Quote,
    bool Verbatim,
    Stance Stance,
    Standing Standing,
    LocalDate? On,
    string? Note,
    string? Source,
    IReadOnlySet<string> Ours,
    int Line
) : IFact
{
    // the one mark that is in the ledger
    private static readonly HashSet<string> OursAreWords = new(["quote"], StringComparer.Ordinal);

    public LocalDate? OwnDate => On;

    public IFact Bare(string? source) =>
        this with
        {
            Source = source,
            Ours = Ours.Contains("quote") ? OursAreWords : new HashSet<string>(StringComparer.Ordinal),
            Line = 0,
        };
}
