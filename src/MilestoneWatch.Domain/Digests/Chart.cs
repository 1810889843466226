namespace MilestoneWatch.Domain.Digests;

/// <summary>A small picture of one milestone, measured in percent of its width; whoever does not see it reads the same in words.</summary>
public abstract record Chart
{
    /// <summary>The whole picture in words.</summary>
    public required string Description { get; init; }

    /// <summary>What the picture adds to the block's other words, as a sentence for everybody; null where they say it all.</summary>
    public string? Caption { get; init; }
}
