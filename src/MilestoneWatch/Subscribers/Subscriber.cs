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

    /// <summary>For the paused: when mail comes again; null until they say so.</summary>
    public Instant? PausedUntil { get; init; }

    /// <summary>Whether their first mail, the state of what they follow, is still to be written.</summary>
    public bool WelcomeDue { get; init; }

    /// <summary>Whether 28 days without news are told.</summary>
    public bool NothingChanged { get; init; } = true;
    public Instant? ConfirmedAt { get; init; }
    public required int LinkGeneration { get; init; }
    public required Instant CreatedAt { get; init; }

    /// <summary>What they follow, with what is carried from before a change of topics.</summary>
    public required IReadOnlyList<Topic> Topics { get; init; }

    /// <summary>What they asked for.</summary>
    public IEnumerable<Topic> Chosen => Topics.Where(topic => !topic.Carried);

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
