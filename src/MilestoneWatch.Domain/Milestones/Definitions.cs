using MilestoneWatch.Domain.Ledger;

namespace MilestoneWatch.Domain.Milestones;

/// <summary>Which wordings fit which kind of milestone.</summary>
public static class Definitions
{
    /// <summary>Whether two wordings say the same to readers: thresholds and other spellings are the analysts' business.</summary>
    public static bool SayTheSame(Definition a, Definition b) =>
        (a.Title, a.Name, a.ShortName, a.Outcome, a.Detail, a.CountsWhen)
            == (b.Title, b.Name, b.ShortName, b.Outcome, b.Detail, b.CountsWhen)
        && (a.Target, a.Unit, a.Direction, a.Threshold, a.Conflicts) == (b.Target, b.Unit, b.Direction, b.Threshold, b.Conflicts)
        && a.Baseline.SequenceEqual(b.Baseline, StringComparer.Ordinal)
        && a.About.SequenceEqual(b.About, StringComparer.Ordinal)
        && a.Relations.Count == b.Relations.Count
        && a.Relations.All(relation => b.Relations.TryGetValue(relation.Key, out var counts) && counts == relation.Value);

    /// <summary>Why a definition does not fit a kind, or null when it does.</summary>
    public static Refusal? WhyNot(MilestoneKind kind, Definition definition)
    {
        var quantity = kind == MilestoneKind.Quantity;
        var tally = kind == MilestoneKind.Tally;
        return string.IsNullOrWhiteSpace(definition.Title) ? new Refusal("it needs a title")
            : !quantity && (definition.Target ?? (object?)definition.Unit ?? definition.Direction) is not null
                ? new Refusal($"a target, a unit and a direction belong to a quantity, and this is {Words.WithArticle(kind)}")
            : quantity && (definition.Target is null || definition.Unit is null || definition.Direction is null)
                ? new Refusal("a quantity needs a target, a unit and a direction (at_least or at_most)")
            : definition.Target is < 0 or >= 1_000_000_000_000_000m ? new Refusal("a target is a number from 0 to below 10^15")
            : !tally
            && (
                definition.Relations.Count > 0
                || definition.Baseline.Count > 0
                || definition.Aliases.Count > 0
                || definition.Threshold is not null
            )
                ? new Refusal($"relations, a baseline, aliases and a threshold belong to a tally, and this is {Words.WithArticle(kind)}")
            : tally && definition.Relations.Count == 0
                ? new Refusal("a tally needs at least one relation and whether it counts, such as renewal=counts")
            : definition.Threshold is < 1 or > 1_000_000 ? new Refusal("a threshold is a whole number from 1 to 1,000,000")
            : definition.QuietDays is < 0 or > 3650 ? new Refusal("quiet days are a whole number from 0 (never) to 3,650")
            : definition.ReminderDays?.Any(days => days is < 0 or > 3650) == true
                ? new Refusal("reminder days are whole numbers from 0 to 3,650")
            : definition.ForecastPoints is < 1 or > 99 ? new Refusal("forecast points are a whole number from 1 to 99")
            : kind != MilestoneKind.Question && definition.About.Count > 0
                ? new Refusal($"only a question is about other milestones, and this is {Words.WithArticle(kind)}")
            : null;
    }
}
