namespace MilestoneWatch.Web.Timeline;

/// <summary>A line down the timeline where a quarter begins.</summary>
/// <param name="X">Percent of the width.</param>
/// <param name="Year">The year's name, where it is printed here.</param>
/// <param name="Quarter">"Q3", where quarters are wide enough to be named.</param>
/// <param name="QuarterX">The quarter's middle, in percent.</param>
public sealed record Tick(double X, bool NewYear, string? Year, string? Quarter, double QuarterX);
