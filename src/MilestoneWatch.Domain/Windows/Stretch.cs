using NodaTime;

namespace MilestoneWatch.Domain.Windows;

/// <summary>Some days in a row, both ends included.</summary>
internal readonly record struct Stretch(LocalDate First, LocalDate Last)
{
    internal bool IsOneDay => First == Last;

    internal Bounds Bounds => new(First, Last);
}
