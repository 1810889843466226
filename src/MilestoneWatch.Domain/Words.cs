using System.Globalization;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Domain;

/// <summary>The plain words for the domain's terms, as people read them.</summary>
public static class Words
{
    public static string Of(Status status) =>
        status switch
        {
            Status.Planned => "planned",
            Status.OnTrack => "on track",
            Status.AtRisk => "at risk",
            Status.Delayed => "delayed",
            Status.Achieved => "achieved",
            Status.Missed => "missed",
            Status.Cancelled => "cancelled",
            Status.Open => "open",
            Status.Answered => "answered",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
        };

    public static string Of(Checks.Waiting waiting) =>
        waiting switch
        {
            Checks.Waiting.WindowClosed => "the window has closed",
            Checks.Waiting.TargetReached => "the target is reached",
            Checks.Waiting.MayBeDue => "it may be due",
            Checks.Waiting.GoneQuiet => "it has gone quiet",
            _ => throw new ArgumentOutOfRangeException(nameof(waiting), waiting, null),
        };

    /// <summary>"62.5%": a probability as it was given.</summary>
    public static string Percent(decimal probability) => (probability * 100).ToString("0.#", CultureInfo.InvariantCulture) + "%";

    /// <summary>"69%": what several probabilities make together; the tenths only near the ends, where they matter.</summary>
    public static string AboutPercent(decimal probability) =>
        Percent(probability is < 0.01m or > 0.99m ? probability : Math.Round(probability, 2, MidpointRounding.AwayFromZero));

    public static string WithArticle(MilestoneKind kind) =>
        kind switch
        {
            MilestoneKind.Event => "an event",
            MilestoneKind.Quantity => "a quantity",
            MilestoneKind.Tally => "a tally",
            MilestoneKind.Question => "a question",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
}
