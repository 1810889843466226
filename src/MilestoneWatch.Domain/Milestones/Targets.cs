namespace MilestoneWatch.Domain.Milestones;

/// <summary>Whether what is on record has reached what was promised. A suggestion to analysts, never a status.</summary>
public static class Targets
{
    public static bool IsReached(Definition definition, MilestoneState state) =>
        definition switch
        {
            { Target: { } target, Direction: Direction.AtMost } => state.Progress <= target,
            { Target: { } target } => state.Progress >= target,
            { Threshold: { } enough } => state.Counted >= enough,
            _ => false,
        };
}
