using NodaTime;

namespace MilestoneWatch.Web.Feeds;

/// <summary>A milestone that feeds can tell of, as far as it takes to know whether there is news.</summary>
internal sealed record FeedRow
{
    public long Id { get; init; }
    public long SubjectId { get; init; }
    public long Position { get; init; }
    public Instant ChangedAt { get; init; }
    public string SubjectName { get; init; } = "";
}
