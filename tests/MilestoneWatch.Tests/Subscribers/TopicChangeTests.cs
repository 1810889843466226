using MilestoneWatch.Subscribers;

namespace MilestoneWatch.Tests.Subscribers;

/// <summary>Milestones 1 and 2 are of subject 10, milestone 3 of subject 20. The head is at 100.</summary>
public sealed class TopicChangeTests
{
    private const long Head = 100;
    private static readonly Dictionary<long, long> SubjectOf = new()
    {
        [1] = 10,
        [2] = 10,
        [3] = 20,
    };

    [Fact]
    public void What_is_newly_covered_counts_from_the_head() =>
        Assert.Equal([Milestone(1, 5), Milestone(3, Head)], Change([Milestone(1, 5)], [Milestone(1), Milestone(3)]));

    [Fact]
    public void What_was_covered_by_something_wider_keeps_where_it_counted_from() =>
        Assert.Equal([Milestone(1, 5), Subject(20, 5)], Change([All(5)], [Milestone(1), Subject(20)]));

    [Fact]
    public void What_becomes_wider_counts_from_the_head_and_the_narrow_is_carried() =>
        Assert.Equal([All(Head), Carried(Milestone(1, 5))], Change([Milestone(1, 5)], [All()]));

    [Fact]
    public void Nothing_is_carried_where_the_wide_counts_from_as_early() =>
        Assert.Equal([All(5)], Change([All(5), Milestone(1, 7)], [All()]));

    [Fact]
    public void What_is_left_and_not_covered_any_more_is_gone() =>
        Assert.Equal([Subject(20, 5)], Change([Subject(10, 5), Subject(20, 5)], [Subject(20)]));

    [Fact]
    public void What_is_carried_is_carried_on_until_it_is_wanted_again()
    {
        var carried = Change([Milestone(1, 5)], [Subject(10)]);

        Assert.Equal([All(Head), Carried(Milestone(1, 5))], Change(carried, [All()], head: Head));
        Assert.Equal([Milestone(1, 5)], Change(carried, [Milestone(1)]));
    }

    private static IReadOnlyList<Topic> Change(IReadOnlyList<Topic> old, IReadOnlyList<Topic> wanted, long head = Head) =>
        TopicChange.Of(old, wanted, SubjectOf, head);

    private static Topic All(long since = 0) => new("all", 0, since, null);

    private static Topic Subject(long id, long since = 0) => new("subject", id, since, null);

    private static Topic Milestone(long id, long since = 0) => new("milestone", id, since, null);

    private static Topic Carried(Topic topic) => topic with { Carried = true };
}
