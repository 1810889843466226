using NodaTime;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Inclusive local dates; null is open on that side.</summary>
public readonly record struct Bounds(LocalDate? Earliest, LocalDate? Latest);
