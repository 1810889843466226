using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Web.Words;

/// <summary>A status as readers see it: a word, a shape and a class for its colour, never colour alone.</summary>
internal sealed record StatusFace(string Word, string Shape, string Class)
{
    public static readonly StatusFace NeedsALook = new("needs a look", "ring", "st-look");

    public static StatusFace Of(Status status) =>
        status switch
        {
            Status.Planned => new("planned", "circle", "st-planned"),
            Status.OnTrack => new("on track", "disc", "st-on-track"),
            Status.AtRisk => new("at risk", "triangle", "st-at-risk"),
            Status.Delayed => new("delayed", "diamond", "st-delayed"),
            Status.Achieved => new("achieved", "check", "st-achieved"),
            Status.Missed => new("missed", "cross", "st-missed"),
            Status.Cancelled => new("cancelled", "slashed", "st-cancelled"),
            Status.Open => new("open", "circle", "st-planned"),
            Status.Answered => new("answered", "check", "st-achieved"),
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, "unknown status"),
        };

    /// <summary>The kind of a milestone, as the line above its title says it.</summary>
    public static string KindWord(MilestoneKind kind) =>
        kind switch
        {
            MilestoneKind.Event => "Happens or not",
            MilestoneKind.Quantity => "Measured against a target",
            MilestoneKind.Tally => "Counted by name",
            MilestoneKind.Question => "Open until answered",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown kind"),
        };
}
