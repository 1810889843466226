namespace MilestoneWatch.Domain.Windows;

/// <summary>Which third of a period is meant. <see cref="End"/> is the last third too, but as a deadline it is the period's last day.</summary>
internal enum Part : byte
{
    Whole,
    Early,
    Mid,
    Late,
    End,
}
