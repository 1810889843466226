using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>What somebody says, as the source tells it; only a verbatim one may be printed in quotation marks.</summary>
internal sealed record QuoteItem(string Who, string Says, bool Verbatim, string? Source, int Line) : IFact
{
    public LocalDate? OwnDate => null;

    public IFact Bare(string? source) => this with { Source = source, Line = 0 };
}
