using NodaTime;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Where facts were read. <see cref="About"/> is the day it reports on; <see cref="Via"/> names the source that led to it.</summary>
internal sealed record SourceItem(
    string Name,
    string Publisher,
    string? Title,
    Uri? Url,
    string? File,
    string? Via,
    LocalDate? About,
    LocalDate? PublishedOn,
    int Line
);
