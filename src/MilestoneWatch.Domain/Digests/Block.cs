namespace MilestoneWatch.Domain.Digests;

/// <summary>All that a mail says of one milestone: labelled rows, then sentences, then where to read on.</summary>
public sealed record Block(string Title, string Slug, IReadOnlyList<(string Label, string Value)> Rows, IReadOnlyList<string> Sentences);
