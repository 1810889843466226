namespace MilestoneWatch.Benchmarks;

/// <summary>How much of everything is made and measured.</summary>
internal sealed record Sizes
{
    /// <summary>What the published figures come from.</summary>
    public static readonly Sizes Published = new()
    {
        Milestones = 1_000_000,
        Entries = 10_000_000,
        AsOfMilestones = 10_000,
        Reads = 500,
        Appends = 20_000,
        Starts = 40,
        Phrases = 100_000,
        Readers = 100_000,
        Watched = 10_000,
        Changes = 100_000,
        Mails = 50_000,
        Backlog = 1_000_000,
        BoardMilestones = 10_000,
        BoardSeconds = 20,
    };

    /// <summary>A look at whether all of it works, in a minute or two.</summary>
    public static readonly Sizes Quick = new()
    {
        Milestones = 20_000,
        Entries = 100_000,
        AsOfMilestones = 1_000,
        Reads = 100,
        Appends = 2_000,
        Starts = 20,
        Phrases = 100_000,
        Readers = 5_000,
        Watched = 2_000,
        Changes = 5_000,
        Mails = 5_000,
        Backlog = 20_000,
        BoardMilestones = 10_000,
        BoardSeconds = 3,
    };

    /// <summary>checks: milestones in the larger database.</summary>
    public required int Milestones { get; init; }

    /// <summary>as-of: entries in the ledger.</summary>
    public required int Entries { get; init; }

    /// <summary>as-of: milestones that share them.</summary>
    public required int AsOfMilestones { get; init; }

    /// <summary>as-of: reads of each sort.</summary>
    public required int Reads { get; init; }

    /// <summary>appends: changes of each sort, all writers together.</summary>
    public required int Appends { get; init; }

    /// <summary>start-up: runs of the executable.</summary>
    public required int Starts { get; init; }

    /// <summary>windows: lines of the file.</summary>
    public required int Phrases { get; init; }

    /// <summary>digests: readers who are all due.</summary>
    public required int Readers { get; init; }

    /// <summary>digests: milestones that they follow between them.</summary>
    public required int Watched { get; init; }

    /// <summary>digests: entries since the first of them was last told.</summary>
    public required int Changes { get; init; }

    /// <summary>delivery: mails of each run.</summary>
    public required int Mails { get; init; }

    /// <summary>backlogs: mails in the largest.</summary>
    public required int Backlog { get; init; }

    /// <summary>board: milestones in the larger database.</summary>
    public required int BoardMilestones { get; init; }

    /// <summary>board: for how long each page is asked for.</summary>
    public required int BoardSeconds { get; init; }
}
