using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Something said on a day, read in a source; either may be unknown.</summary>
internal interface IFact
{
    LocalDate? OwnDate { get; }

    /// <summary>A name under the watchlist's sources.</summary>
    string? Source { get; }

    /// <summary>Where it stands in its file; 0 for one that was read from the record.</summary>
    int Line { get; }

    /// <summary>What it says, wherever it stands and whoever worded it, with its source called otherwise: facts are compared by this.</summary>
    IFact Bare(string? source);
}
