using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Subscribers;
using NodaTime;

namespace MilestoneWatch.Digests;

/// <summary>The milestones that readers of the same topics follow, as known at one position.</summary>
internal sealed class Following
{
    private readonly List<Milestone> _latestFirst;

    public Following(IEnumerable<Milestone> all, IReadOnlyList<Topic> topics)
    {
        var everything = topics.Any(topic => topic.Kind == "all");
        var subjects = topics.Where(topic => topic.Kind == "subject").Select(topic => topic.RefId).ToHashSet();
        var milestones = topics.Where(topic => topic.Kind == "milestone").Select(topic => topic.RefId).ToHashSet();
        All = [.. all.Where(one => everything || subjects.Contains(one.SubjectId) || milestones.Contains(one.Id))];
        _latestFirst = [.. All.OrderByDescending(milestone => milestone.State.Position)];
        NewestFact = All.Count == 0 ? null : All.Max(milestone => milestone.SubstanceAt);
    }

    /// <summary>In the watchlist's order.</summary>
    public IReadOnlyList<Milestone> All { get; }

    /// <summary>When the newest fact about any of them was recorded.</summary>
    public Instant? NewestFact { get; }

    /// <summary>Those that changed since a reader was told, in the watchlist's order, and from where each is news to them.</summary>
    public IReadOnlyList<(Milestone Milestone, long From)> ChangedFor(Subscriber reader)
    {
        var changed = new List<(Milestone Milestone, long From)>();
        foreach (var milestone in _latestFirst)
        {
            if (milestone.State.Position <= reader.Position)
            {
                break;
            }
            if (reader.FollowsFrom(milestone.Id, milestone.SubjectId) is { } from && milestone.State.Position > from)
            {
                changed.Add((milestone, from));
            }
        }
        changed.Sort((one, other) => one.Milestone.Id.CompareTo(other.Milestone.Id));
        return changed;
    }

    /// <summary>The same for the same topics, from whenever they count.</summary>
    public static string KeyOf(IReadOnlyList<Topic> topics) =>
        string.Join(',', topics.Select(topic => FormattableString.Invariant($"{topic.Kind}:{topic.RefId}")));
}
