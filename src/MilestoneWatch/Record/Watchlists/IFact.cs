using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Something said on a day, read in a source; either may be unknown.</summary>
internal interface IFact
{
    LocalDate? OwnDate { get; }

    /// <summary>A name under the watchlist's sources.</summary>
    string? Source { get; }
}
