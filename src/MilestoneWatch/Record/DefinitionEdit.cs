using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;

namespace MilestoneWatch.Record;

/// <summary>What an analyst says anew of a milestone's wording and thresholds: what is not given stays as it is, and names are added.</summary>
internal sealed record DefinitionEdit
{
    public string? Title { get; init; }
    public string? Name { get; init; }
    public string? ShortName { get; init; }
    public string? Outcome { get; init; }
    public string? Detail { get; init; }
    public string? CountsWhen { get; init; }
    public string? Conflicts { get; init; }
    public decimal? Target { get; init; }
    public string? Unit { get; init; }
    public Direction? Direction { get; init; }
    public IReadOnlyList<string> Baseline { get; init; } = [];
    public IReadOnlyList<(string Word, bool Counts)> Relations { get; init; } = [];
    public IReadOnlyList<(string Name, string StandsFor)> Aliases { get; init; } = [];

    /// <summary>Names and words that leave the baseline, the aliases and the relations.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];
    public int? Threshold { get; init; }
    public IReadOnlyList<int>? ReminderDays { get; init; }
    public int? QuietDays { get; init; }
    public int? ForecastPoints { get; init; }
    public IReadOnlyList<string> About { get; init; } = [];

    /// <summary>The wording of a milestone that is new.</summary>
    /// <exception cref="RefusedException">It does not fit the kind.</exception>
    public Definition For(MilestoneKind kind)
    {
        var words = Apply(new Definition { Title = "" });
        return Definitions.WhyNot(kind, words) is { } refusal ? throw new RefusedException(refusal.Reason) : words;
    }

    /// <summary>The change of a milestone's wording. It is built on what was read, so it is good for that revision only.</summary>
    /// <exception cref="RefusedException">It does not fit the kind, or changes nothing.</exception>
    public Redefined Of(Milestone milestone)
    {
        var words = Apply(milestone.Definition);
        if (Definitions.WhyNot(milestone.Kind, words) is { } refusal)
        {
            throw new RefusedException($"{milestone.Slug}: {refusal.Reason}");
        }
        return LedgerJson.Of(words) == LedgerJson.Of(milestone.Definition)
            ? throw new RefusedException($"{milestone.Slug} says that already: give what is to change")
            : new Redefined(words);
    }

    private Definition Apply(Definition definition) =>
        definition with
        {
            Title = Title ?? definition.Title,
            Name = Name ?? definition.Name,
            ShortName = ShortName ?? definition.ShortName,
            Outcome = Outcome ?? definition.Outcome,
            Detail = Detail ?? definition.Detail,
            CountsWhen = CountsWhen ?? definition.CountsWhen,
            // what an analyst types is the watchers' wording, not the source's
            Ours =
                CountsWhen is null || definition.Ours.Contains("counts_when", StringComparer.Ordinal)
                    ? definition.Ours
                    : [.. definition.Ours, "counts_when"],
            Conflicts = Conflicts ?? definition.Conflicts,
            Target = Target ?? definition.Target,
            Unit = Unit ?? definition.Unit,
            Direction = Direction ?? definition.Direction,
            Baseline = [.. definition.Baseline.Concat(Baseline).Distinct(StringComparer.Ordinal).Except(Remove, StringComparer.Ordinal)],
            Relations = Merged(definition.Relations, Relations),
            Aliases = Merged(definition.Aliases, Aliases),
            Threshold = Threshold ?? definition.Threshold,
            ReminderDays = ReminderDays ?? definition.ReminderDays,
            QuietDays = QuietDays ?? definition.QuietDays,
            ForecastPoints = ForecastPoints ?? definition.ForecastPoints,
            About = [.. definition.About.Concat(About).Distinct(StringComparer.Ordinal)],
        };

    private Dictionary<string, T> Merged<T>(IReadOnlyDictionary<string, T> known, IEnumerable<(string Name, T Value)> given)
    {
        var merged = new Dictionary<string, T>(known, StringComparer.Ordinal);
        foreach (var (name, value) in given)
        {
            merged[name] = value;
        }
        foreach (var name in Remove)
        {
            merged.Remove(name);
        }
        return merged;
    }
}
