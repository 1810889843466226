using MilestoneWatch.Web.Views;
using NodaTime;

namespace MilestoneWatch.Tests.Web;

public sealed class StripPointTests
{
    private static readonly LocalDate First = new(2026, 5, 28);

    [Fact]
    public void The_strip_ends_now_and_now_is_chosen_unless_a_day_was_asked_for()
    {
        StripPoint[] now = [new(First, false), new(null, true)];
        StripPoint[] then = [new(First, true), new(null, false)];

        Assert.Equal(now, StripPoint.Of([First], null));
        Assert.Equal(then, StripPoint.Of([First], First));
    }

    [Fact]
    public void A_day_between_two_points_gets_one_of_its_own()
    {
        LocalDate[] days = [First, First.PlusDays(10)];
        StripPoint[] expected = [new(First, false), new(First.PlusDays(3), true), new(First.PlusDays(10), false), new(null, false)];

        Assert.Equal(expected, StripPoint.Of(days, First.PlusDays(3)));
        Assert.Equal(new StripPoint(First.PlusDays(-9), true), StripPoint.Of(days, First.PlusDays(-9))[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(22)]
    [InlineData(23)]
    [InlineData(24)]
    [InlineData(47)]
    [InlineData(3650)]
    public void However_many_days_there_are_the_strip_has_at_most_24_points_from_the_first_to_the_last(int count)
    {
        LocalDate[] days = [.. Enumerable.Range(0, count).Select(n => First.PlusDays(n))];
        foreach (var asked in (LocalDate?[])[null, First, First.PlusDays(1), First.PlusDays(count / 2), First.PlusDays(-1)])
        {
            var strip = StripPoint.Of(days, asked);

            Assert.InRange(strip.Count, 1, StripPoint.Most);
            Assert.Null(strip[^1].Day);
            Assert.Equal(asked, Assert.Single(strip, point => point.Chosen).Day);
            var shown = strip.Where(point => point.Day is not null).Select(point => point.Day!.Value).ToList();
            Assert.Equal(shown.Distinct().Order(), shown);
            if (count > 0)
            {
                Assert.Contains(days[0], shown);
                Assert.Contains(days[^1], shown);
            }
        }
    }
}
