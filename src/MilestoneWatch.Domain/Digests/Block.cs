namespace MilestoneWatch.Domain.Digests;

/// <summary>All that a mail says of one milestone: labelled rows, then sentences, then where to read on.</summary>
public sealed record Block(string Title, string Slug, IReadOnlyList<(string Label, string Value)> Rows, IReadOnlyList<string> Sentences)
{
    /// <summary>A picture of it; null where words tell as much.</summary>
    public Chart? Chart { get; init; }
}
