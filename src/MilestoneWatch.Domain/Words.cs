using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;

namespace MilestoneWatch.Domain;

/// <summary>The plain words for the domain's terms, as people read them; English where no language is named.</summary>
public static class Words
{
    public static string Of(Status status, Language? language = null) =>
        (language ?? Language.English).Say(
            status switch
            {
                Status.Planned => "status.planned",
                Status.OnTrack => "status.on_track",
                Status.AtRisk => "status.at_risk",
                Status.Delayed => "status.delayed",
                Status.Achieved => "status.achieved",
                Status.Missed => "status.missed",
                Status.Cancelled => "status.cancelled",
                Status.Open => "status.open",
                Status.Answered => "status.answered",
                _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
            }
        );

    public static string Of(Standing standing, Language? language = null) =>
        (language ?? Language.English).Say(
            standing switch
            {
                Standing.Confirmed => "standing.confirmed",
                Standing.Reported => "standing.reported",
                Standing.Claimed => "standing.claimed",
                Standing.Unclear => "standing.unclear",
                _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, null),
            }
        );

    public static string Of(Checks.Waiting waiting) =>
        Language.English.Say(
            waiting switch
            {
                Checks.Waiting.WindowClosed => "waiting.window_closed",
                Checks.Waiting.TargetReached => "waiting.target_reached",
                Checks.Waiting.MayBeDue => "waiting.may_be_due",
                Checks.Waiting.GoneQuiet => "waiting.gone_quiet",
                _ => throw new ArgumentOutOfRangeException(nameof(waiting), waiting, null),
            }
        );

    /// <summary>"1 October to 31 December 2026"; an open end in words.</summary>
    public static string Of(Bounds bounds, Language language) =>
        bounds switch
        {
            (null, null) => language.Say("text.span_none"),
            ({ } from, null) => language.Say("text.span_from", ("from", language.FullDay(from))),
            (null, { } to) => language.Say("text.span_until", ("to", language.FullDay(to))),
            ({ } from, { } to) when from == to => language.FullDay(to),
            ({ } from, { } to) => language.Say(
                "text.span",
                ("from", from.Year == to.Year ? language.Day(from) : language.FullDay(from)),
                ("to", language.FullDay(to))
            ),
        };

    /// <summary>"92 days later": how far the last day moved; null when either end is open.</summary>
    public static string? Slip(Window from, Window to, Language language) =>
        Window.SlipInDays(from, to) switch
        {
            null => null,
            0 => language.Say("text.same_day"),
            > 0 and var days => language.Count("text.later", days),
            var days => language.Count("text.earlier", -days.Value),
        };

    /// <summary>A status's shape, where text stands for a picture; never alone.</summary>
    public static char Shape(Status status) =>
        status switch
        {
            Status.Planned => '○',
            Status.OnTrack => '●',
            Status.AtRisk => '▲',
            Status.Delayed => '◆',
            Status.Achieved or Status.Answered => '✓',
            Status.Missed => '✕',
            Status.Cancelled => '⊘',
            Status.Open => '?',
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
        };

    /// <summary>"62.5%": a probability as it was given.</summary>
    public static string Percent(decimal probability, Language? language = null) => (language ?? Language.English).Percent(probability);

    /// <summary>"69%": what several probabilities make together; the tenths only near the ends, where they matter.</summary>
    public static string AboutPercent(decimal probability, Language? language = null) =>
        Percent(probability is < 0.01m or > 0.99m ? probability : Math.Round(probability, 2, MidpointRounding.AwayFromZero), language);

    public static string WithArticle(MilestoneKind kind) =>
        Language.English.Say(
            kind switch
            {
                MilestoneKind.Event => "kind.event",
                MilestoneKind.Quantity => "kind.quantity",
                MilestoneKind.Tally => "kind.tally",
                MilestoneKind.Question => "kind.question",
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
            }
        );
}
