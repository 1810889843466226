namespace MilestoneWatch.Domain.Digests;

/// <summary>Blocks of one weight under one heading.</summary>
public sealed record Section(string Heading, IReadOnlyList<Block> Blocks);
