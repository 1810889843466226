using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Postgres;
using NodaTime;

namespace MilestoneWatch.Web;

/// <summary>All milestones as known at a position, by subject, kind and status: what every page of the board counts and chooses from.</summary>
internal sealed class BoardIndex
{
    private readonly (long Id, Group Group)[] _milestones;

    /// <param name="groups">In the watchlist's order of their first milestones.</param>
    /// <param name="newestFact">When an analyst last recorded more than a look; null when none has.</param>
    public BoardIndex(IReadOnlyList<Group> groups, Instant? newestFact)
    {
        Groups = groups;
        NewestFact = newestFact;
        _milestones =
        [
            .. groups
                .SelectMany(group => group.Ids, (group, id) => (Id: id, Group: group))
                .OrderBy(milestone => milestone.Group.KindRead == MilestoneKind.Question)
                .ThenBy(milestone => milestone.Id),
        ];
    }

    public IReadOnlyList<Group> Groups { get; }

    public Instant? NewestFact { get; }

    public int Count(Func<Group, bool> which) => Groups.Where(which).Sum(group => group.Ids.Length);

    /// <summary>The ids of what fits, words aside: promises, then questions, each in the watchlist's order.</summary>
    /// <param name="filter">What is asked for.</param>
    /// <param name="named">Milestones that its topics name.</param>
    public IReadOnlyList<long> Find(BoardFilter filter, IReadOnlySet<long> named)
    {
        var fitting = Groups.Where(group => filter.Matches(group.Subject, group.KindRead, group.StatusRead)).ToHashSet();
        var whole = fitting
            .Where(group => filter.Topics.Count == 0 || filter.Topics.Contains(group.Subject, StringComparer.Ordinal))
            .ToHashSet();
        return
        [
            .. _milestones
                .Where(milestone => whole.Contains(milestone.Group) || (fitting.Contains(milestone.Group) && named.Contains(milestone.Id)))
                .Select(milestone => milestone.Id),
        ];
    }

    /// <summary>Milestones that share subject, kind and status.</summary>
    public sealed class Group
    {
        public string Subject { get; init; } = "";
        public string SubjectName { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Status { get; init; } = "";
        public long[] Ids { get; init; } = [];

        public MilestoneKind KindRead => LedgerJson.ReadEnum<MilestoneKind>(Kind);
        public Status StatusRead => LedgerJson.ReadEnum<Status>(Status);
    }
}
