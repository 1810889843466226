namespace MilestoneWatch.Domain.Milestones;

/// <summary>What was promised, in words. Changing any of it is an entry.</summary>
public sealed record Definition
{
    public static readonly IReadOnlyList<int> DefaultReminderDays = [30, 7, 1];
    public const int DefaultQuietDays = 90;
    public const int DefaultForecastPoints = 10;

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

    /// <summary>Other spellings that a source may use, each with the name that a tally counts it as.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How many distinct names are enough; null when nobody has said.</summary>
    public int? Threshold { get; init; }

    /// <summary>Days before the window's latest day on which readers are reminded; null for <see cref="DefaultReminderDays"/>, empty for none.</summary>
    public IReadOnlyList<int>? ReminderDays { get; init; }

    /// <summary>Days without anything of substance after which it has gone quiet; null for <see cref="DefaultQuietDays"/>, 0 for never.</summary>
    public int? QuietDays { get; init; }

    /// <summary>Percentage points by which the forecast moves before it is news; null for <see cref="DefaultForecastPoints"/>.</summary>
    public int? ForecastPoints { get; init; }

    /// <summary>Where reports of it disagree, in a sentence.</summary>
    public string? Conflicts { get; init; }

    /// <summary>Slugs of the milestones that a question bears on.</summary>
    public IReadOnlyList<string> About { get; init; } = [];

    /// <summary>The <see cref="Name"/>, or the title.</summary>
    public string Called() => Name ?? Title;

    /// <summary>The <see cref="ShortName"/>, or the name, or the title.</summary>
    public string CalledBriefly() => ShortName ?? Name ?? Title;
}
