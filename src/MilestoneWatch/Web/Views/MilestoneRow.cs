using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Web.Views;

/// <summary>One milestone or question, as the board and the timeline show it.</summary>
public sealed record MilestoneRow
{
    public required string Slug { get; init; }

    public required string Title { get; init; }

    /// <summary>The short name that news about it uses ("Les Ulis").</summary>
    public required string Name { get; init; }

    public required MilestoneKind Kind { get; init; }

    public required Status Status { get; init; }

    /// <summary>Why it needs a look, in one sentence; null when it does not.</summary>
    public string? Attention { get; init; }

    /// <summary>The promise that stands; null when no date was ever promised.</summary>
    public PromiseView? Promise { get; init; }

    /// <summary>What was promised before, oldest first; the first is the first promise. Retracted moves are left out.</summary>
    public IReadOnlyList<PromiseView> Earlier { get; init; } = [];

    public ProgressView? Progress { get; init; }

    public TallyView? Tally { get; init; }

    /// <summary>For a question: the milestones that it is about.</summary>
    public IReadOnlyList<MilestoneLink> About { get; init; } = [];

    /// <summary>Days on which an analyst looked and found nothing new.</summary>
    public IReadOnlyList<LocalDate> Looks { get; init; } = [];

    /// <summary>Days on which evidence was published or read.</summary>
    public IReadOnlyList<LocalDate> Evidence { get; init; } = [];

    /// <summary>The forecast that stands, by date; often none.</summary>
    public IReadOnlyList<ForecastPoint> Forecast { get; init; } = [];

    /// <summary>The day it was achieved, missed, cancelled or answered.</summary>
    public LocalDate? SettledOn { get; init; }

    public LastChange? LastChange { get; init; }

    /// <summary>Days from the first promise to the one that stands, positive is later; null if nothing moved or an end is open.</summary>
    public int? SlipInDays => Promise is { } now && Earlier is [var first, ..] ? Window.SlipInDays(first.Window, now.Window) : null;

    public bool Settled => Status is Status.Achieved or Status.Missed or Status.Cancelled or Status.Answered;
}
