#pragma warning disable MA0048 // a closed set of cases reads best on one page
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Domain.Ledger;

/// <summary>What an entry changes or tells; one case for each <see cref="EntryKind"/>.</summary>
public abstract record Change(EntryKind Kind);

/// <summary>The milestone comes to be, with its first promise if a date was given.</summary>
public sealed record Added(Definition Definition, Promise? Promise) : Change(EntryKind.Added);

public sealed record Redefined(Definition Definition) : Change(EntryKind.Redefined);

/// <param name="Status">The new status.</param>
/// <param name="Override">Why it is achieved or missed without evidence that is confirmed or reported.</param>
public sealed record StatusChanged(Status Status, string? Override = null) : Change(EntryKind.StatusChanged);

public sealed record Reopened(string Reason) : Change(EntryKind.Reopened);

public sealed record Rescheduled(Promise Promise) : Change(EntryKind.Rescheduled);

/// <summary>How another source prints the same promise; <paramref name="Means"/> is what it says happens then.</summary>
public sealed record ReadingAdded(Promise Promise, string? Means, bool Conflicts) : Change(EntryKind.ReadingAdded);

public sealed record ProgressRecorded(decimal Value) : Change(EntryKind.ProgressRecorded);

/// <param name="Stance">Which way it points.</param>
/// <param name="Name">Whom it is about, on a tally.</param>
/// <param name="NameKey">The name as names are compared.</param>
/// <param name="Relation">What the named one did: "renewal".</param>
/// <param name="Counts">Whether it counts towards a tally.</param>
public sealed record EvidenceAdded(Stance Stance, string? Name, string? NameKey, string? Relation, bool Counts)
    : Change(EntryKind.EvidenceAdded);

public sealed record Looked() : Change(EntryKind.Looked);

public sealed record Forecasted(IReadOnlyList<ForecastPoint> Points) : Change(EntryKind.Forecast);

public sealed record Retracted(long Position, string Reason) : Change(EntryKind.Retracted);

public sealed record Redacted(long Position, string Reason) : Change(EntryKind.Redacted);

/// <summary>What all forecasts together say moved, as probabilities that it happens by the window's latest day.</summary>
/// <param name="By">That day.</param>
/// <param name="From">What was last said, or first known of this window.</param>
/// <param name="To">What they say now.</param>
/// <param name="Analysts">How many have a point at that day.</param>
public sealed record ForecastShifted(LocalDate By, decimal From, decimal To, int Analysts) : Change(EntryKind.ForecastMoved);

/// <summary>The clock said that the window opened, closed, or is about to close.</summary>
/// <param name="Said">Which of the clock's kinds.</param>
/// <param name="On">The day that it speaks of: the window's bound.</param>
/// <param name="Days">How many days before it, for a reminder.</param>
public sealed record ClockSaid(EntryKind Said, LocalDate On, int? Days) : Change(Said);
