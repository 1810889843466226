namespace MilestoneWatch.Api;

/// <summary>Which milestones are asked for; null for all.</summary>
/// <param name="Subjects">Slugs.</param>
/// <param name="Kinds">Kinds, as words.</param>
/// <param name="Statuses">Statuses at the position that is read, as words.</param>
internal sealed record MilestoneFilter(string[]? Subjects, string[]? Kinds, string[]? Statuses)
{
    /// <summary>The same text for the same filter.</summary>
    public string Text => $"{Joined(Subjects)};{Joined(Kinds)};{Joined(Statuses)}";

    private static string Joined(string[]? words) => words is null ? "" : string.Join(',', words);
}
