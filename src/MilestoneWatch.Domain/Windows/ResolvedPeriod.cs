namespace MilestoneWatch.Domain.Windows;

/// <summary>A period's days as printed, and those of its other reading if it has one.</summary>
internal readonly record struct ResolvedPeriod(Stretch Reading, Stretch? Alternative, Precision Precision);
