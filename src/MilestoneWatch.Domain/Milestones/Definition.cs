namespace MilestoneWatch.Domain.Milestones;

/// <summary>What was promised, in words. Changing any of it is an entry.</summary>
public sealed record Definition
{
    public required string Title { get; init; }

    /// <summary>The noun phrase that heads a mail's block; the title where none is given.</summary>
    public string? Name { get; init; }

    /// <summary>A few words, for subject lines and lists; the name where none is given.</summary>
    public string? ShortName { get; init; }

    /// <summary>What its happening is called: "opening".</summary>
    public string? Outcome { get; init; }
    public string? Detail { get; init; }

    /// <summary>One sentence: what settles it.</summary>
    public string? CountsWhen { get; init; }

    /// <summary>Which of these keys are the watchers' wording rather than the source's.</summary>
    public IReadOnlyList<string> Ours { get; init; } = [];

    /// <summary>A quantity's target, in <see cref="Unit"/>.</summary>
    public decimal? Target { get; init; }
    public string? Unit { get; init; }
    public Direction? Direction { get; init; }

    /// <summary>Names that a tally does not count.</summary>
    public IReadOnlyList<string> Baseline { get; init; } = [];

    /// <summary>Which relations a tally counts.</summary>
    public IReadOnlyDictionary<string, bool> Relations { get; init; } = new Dictionary<string, bool>(StringComparer.Ordinal);

    /// <summary>How many distinct names are enough; null when nobody has said.</summary>
    public int? Threshold { get; init; }

    /// <summary>Where reports of it disagree, in a sentence.</summary>
    public string? Conflicts { get; init; }

    /// <summary>Slugs of the milestones that a question bears on.</summary>
    public IReadOnlyList<string> About { get; init; } = [];

    /// <summary>The <see cref="Name"/>, or the title.</summary>
    public string Called() => Name ?? Title;

    /// <summary>The <see cref="ShortName"/>, or the name, or the title.</summary>
    public string CalledBriefly() => ShortName ?? Name ?? Title;
}
