namespace MilestoneWatch.Domain.Windows;

/// <summary>A year as said; the value is 0 when none is, and the first of its ten for a decade.</summary>
internal readonly record struct NamedYear(int Value, YearKind Kind);
