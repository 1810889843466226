using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Checks;

/// <summary>What waits for analysts: derived at the instant asked about, never a status. A look puts off what only asks for one.</summary>
public static class Attention
{
    /// <summary>Why it waits at <paramref name="now"/>, weightiest first; empty when it does not.</summary>
    public static IReadOnlyList<Waiting> Of(Milestone milestone, Instant now)
    {
        var (state, definition, zone) = (milestone.State, milestone.Definition, milestone.Zone);
        if (state.Status.IsFinal())
        {
            return [];
        }
        var waiting = new List<Waiting>();
        if (milestone.NeedsAttention(now))
        {
            waiting.Add(Waiting.WindowClosed);
        }
        if (Targets.IsReached(definition, state))
        {
            waiting.Add(Waiting.TargetReached);
        }
        if (
            waiting is not [Waiting.WindowClosed, ..]
            && state.Window?.Alternative?.Latest is { } other
            && (state.Window.Latest is null || other < state.Window.Latest)
            && Window.StartOf(other.PlusDays(1), zone) <= now
            && !(state.LookedOn > other)
        )
        {
            waiting.Add(Waiting.MayBeDue);
        }
        var quiet = definition.QuietDays ?? Definition.DefaultQuietDays;
        var today = now.InZone(zone).Date;
        if (
            quiet > 0
            && milestone.SubstanceAt.InZone(zone).Date.PlusDays(quiet) <= today
            && !(state.LookedOn is { } looked && looked.PlusDays(quiet) > today)
        )
        {
            waiting.Add(Waiting.GoneQuiet);
        }
        return waiting;
    }
}
