using MilestoneWatch.Domain;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Cli;

/// <summary>A status in text: a shape, a word and a colour, never colour alone.</summary>
internal static class StatusMark
{
    public static string Of(Status status) => $"{Words.Shape(status)} {Words.Of(status)}";

    /// <summary>As Spectre.Console names it; from the sixteen colours, which every terminal's own palette makes readable.</summary>
    public static string Style(Status status) =>
        status switch
        {
            Status.OnTrack or Status.Achieved or Status.Answered => "green",
            Status.AtRisk => "yellow",
            Status.Delayed => "olive",
            Status.Missed => "red",
            Status.Cancelled => "grey",
            _ => "default",
        };
}
