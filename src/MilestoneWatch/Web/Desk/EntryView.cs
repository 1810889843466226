using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Web.Desk;

/// <summary>What the page shows on which something is recorded of a milestone.</summary>
public sealed record EntryView
{
    public required Milestone Milestone { get; init; }

    /// <summary>Where it stands, in a sentence or two: why it waits, or its status.</summary>
    public required string Standing { get; init; }
    public required EntryForm Form { get; init; }

    /// <summary>Where the form is sent.</summary>
    public required string Action { get; init; }

    /// <summary>What shows that our page made it; null where the address itself does.</summary>
    public string? Stamp { get; init; }

    /// <summary>Why it was not recorded.</summary>
    public string? Refused { get; init; }

    /// <summary>What others recorded since the page was made.</summary>
    public IReadOnlyList<DeskEntry> Meanwhile { get; init; } = [];

    /// <summary>What was just recorded.</summary>
    public DeskEntry? Done { get; init; }

    /// <summary>What analysts recorded last.</summary>
    public IReadOnlyList<DeskEntry> Recent { get; init; } = [];

    /// <summary>The zone in which times are shown.</summary>
    public required DateTimeZone Zone { get; init; }
    public required LocalDate Today { get; init; }
}
