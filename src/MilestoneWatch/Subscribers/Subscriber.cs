using MilestoneWatch.Domain.Subscribers;
using NodaTime;

namespace MilestoneWatch.Subscribers;

/// <summary>Who gets mail, about what, when, and what they know already.</summary>
internal sealed record Subscriber
{
    public required long Id { get; init; }
    public required string Email { get; init; }
    public required string State { get; init; }
    public required Schedule Schedule { get; init; }
    public required string Language { get; init; }

    /// <summary>Everything up to here was told, or is what they joined at.</summary>
    public required long Position { get; init; }
    public required int DigestNumber { get; init; }
    public Instant? LastDigestAt { get; init; }
    public Instant? NextDueAt { get; init; }
    public required int LinkGeneration { get; init; }
    public required Instant CreatedAt { get; init; }
    public required IReadOnlyList<Topic> Topics { get; init; }

    /// <summary>From where news of a milestone counts, or null when the reader does not follow it.</summary>
    public long? FollowsFrom(long milestoneId, long subjectId)
    {
        long? since = null;
        foreach (var topic in Topics.Where(topic => topic.Covers(milestoneId, subjectId)))
        {
            since = Math.Min(since ?? long.MaxValue, topic.Since);
        }
        return since is { } from ? Math.Max(from, Position) : null;
    }
}
