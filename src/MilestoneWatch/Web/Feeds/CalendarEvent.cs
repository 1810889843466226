using NodaTime;

namespace MilestoneWatch.Web.Feeds;

/// <summary>One milestone in a calendar: an event of whole days that nobody is busy on, and that no alarm rings for.</summary>
internal sealed record CalendarEvent
{
    /// <summary>The same for the milestone's life, whatever becomes of its title, its date or the site's address.</summary>
    public required string Uid { get; init; }

    /// <summary>Grows with whatever analysts record, and never falls.</summary>
    public required int Sequence { get; init; }
    public required LocalDate From { get; init; }

    /// <summary>The last day, inclusive.</summary>
    public required LocalDate To { get; init; }

    /// <summary>TENTATIVE, CONFIRMED or CANCELLED.</summary>
    public required string Status { get; init; }
    public required string Summary { get; init; }
    public required string Description { get; init; }
    public required string Category { get; init; }
    public required string Url { get; init; }
    public required Instant ChangedAt { get; init; }
}
