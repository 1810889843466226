using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Milestones;

/// <summary>
/// Where a milestone stands after an entry. No free text and no list that grows: words are in the entries that the positions name.
/// A negative position -n means the n-th entry of the call that is about to be recorded.
/// </summary>
public sealed record MilestoneState
{
    public required Status Status { get; init; }
    public long Position { get; init; }

    /// <summary>How many entries analysts (not the clock) have made.</summary>
    public int Revision { get; init; }
    public long DefinitionPosition { get; init; }
    public long? StatusPosition { get; init; }

    /// <summary>The day it happened, in the milestone's zone.</summary>
    public LocalDate? StatusOn { get; init; }
    public Window? Window { get; init; }
    public long? WindowPosition { get; init; }
    public Window? FirstWindow { get; init; }
    public long? FirstWindowPosition { get; init; }

    /// <summary>How often the date was moved.</summary>
    public int Moves { get; init; }

    /// <summary>The reading latest by day, then position, in the definition's unit.</summary>
    public decimal? Progress { get; init; }
    public LocalDate? ProgressOn { get; init; }
    public long? ProgressPosition { get; init; }

    /// <summary>Distinct names that a tally counts.</summary>
    public int Counted { get; init; }

    /// <summary>Evidence in favour of standing confirmed or reported: what achieved and missed need.</summary>
    public int Proofs { get; init; }

    /// <summary>The last entry of substance: anything but a look, and nothing of the clock's.</summary>
    public long? SubstancePosition { get; init; }
    public LocalDate? LookedOn { get; init; }
    public long? LookPosition { get; init; }
}
