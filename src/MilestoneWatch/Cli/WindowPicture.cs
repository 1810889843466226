using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Cli;

/// <summary>What is drawn of a milestone: its promises, today, and what is known of it by day.</summary>
internal sealed record WindowPicture
{
    public required DrawnPromise Promise { get; init; }

    /// <summary>Those before it, oldest first.</summary>
    public IReadOnlyList<DrawnPromise> Earlier { get; init; } = [];
    public required LocalDate Today { get; init; }

    /// <summary>The day on which it was settled, and the shape of its status.</summary>
    public (LocalDate On, char Shape)? Settled { get; init; }

    /// <summary>Its day has passed, and nothing on record settles it.</summary>
    public bool NeedsLook { get; init; }
    public IReadOnlyList<LocalDate> Looks { get; init; } = [];
    public IReadOnlyList<LocalDate> Evidence { get; init; } = [];
    public IReadOnlyList<ForecastPoint> Forecast { get; init; } = [];

    /// <param name="Phrase">Its words as printed.</param>
    /// <param name="Window">How they are read.</param>
    /// <param name="Since">The day of the promise: where a bar without a first day fades in.</param>
    internal sealed record DrawnPromise(string Phrase, Window Window, LocalDate? Since);
}
