using NodaTime;

namespace MilestoneWatch.Web.Views;

/// <summary>Everything a milestone's page shows.</summary>
public sealed record MilestoneView
{
    public required string SubjectName { get; init; }

    /// <summary>The day that "due in 5 days" counts from; on an as-of page, the day asked about.</summary>
    public required LocalDate Today { get; init; }

    /// <summary>The day asked about; null for now.</summary>
    public LocalDate? AsOf { get; init; }

    /// <summary>The milestone's zone, in which times are shown.</summary>
    public required DateTimeZone Zone { get; init; }

    public required MilestoneRow Row { get; init; }

    /// <summary>Where it stands, in one sentence.</summary>
    public required string Standing { get; init; }

    public string? Detail { get; init; }

    /// <summary>What settles it, in one sentence.</summary>
    public string? CountsWhen { get; init; }

    /// <summary>True when <see cref="CountsWhen"/> is an analyst's wording, not the promiser's.</summary>
    public bool CountsWhenIsOurs { get; init; }

    /// <summary>What the sources contradict each other about, in one sentence or two.</summary>
    public string? Conflict { get; init; }

    /// <summary>How others print the same promise.</summary>
    public IReadOnlyList<ReadingView> Readings { get; init; } = [];

    /// <summary>A quantity's readings by day.</summary>
    public IReadOnlyList<ProgressPoint> Progress { get; init; } = [];

    /// <summary>What analysts together forecast for the due day, over time; empty where nobody has.</summary>
    public IReadOnlyList<ForecastStep> ForecastOverTime { get; init; } = [];

    /// <summary>What is forecast now, by day.</summary>
    public IReadOnlyList<ForecastDay> ForecastNow { get; init; } = [];

    /// <summary>What happened, newest first.</summary>
    public IReadOnlyList<StoryEntry> Story { get; init; } = [];

    /// <summary>By number, from 1.</summary>
    public IReadOnlyList<Footnote> Sources { get; init; } = [];

    public IReadOnlyList<NextDate> NextDates { get; init; } = [];

    /// <summary>The questions that this milestone bears on.</summary>
    public IReadOnlyList<MilestoneLink> BearsOn { get; init; } = [];

    /// <summary>Dated and sourced, never due: what is worth knowing beside it.</summary>
    public IReadOnlyList<ContextItem> Context { get; init; } = [];
}
