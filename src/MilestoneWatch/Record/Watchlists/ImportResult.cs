namespace MilestoneWatch.Record.Watchlists;

/// <summary>What an import recorded, or why nothing was: the first thing that stands in the way, with its line and key.</summary>
internal sealed record ImportResult(int Entries, IReadOnlyList<ImportLine> Lines, string? Refused)
{
    public void Deconstruct(out int entries, out string? refused) => (entries, refused) = (Entries, Refused);
}
