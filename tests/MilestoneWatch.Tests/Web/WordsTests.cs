using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Web;
using MilestoneWatch.Web.Words;
using NodaTime;

namespace MilestoneWatch.Tests.Web;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "today")]
    [InlineData(1, "tomorrow")]
    [InlineData(-1, "yesterday")]
    [InlineData(38, "in 38 days")]
    [InlineData(-97, "97 days ago")]
    [InlineData(403, "in 13 months")]
    [InlineData(-1500, "4 years ago")]
    public void Relative_time_is_told_as_people_say_it(int days, string said) =>
        Assert.Equal(said, DateWords.Relative(Sample.Today.PlusDays(days), Sample.Today));

    [Fact]
    public void A_window_names_the_year_once_where_it_can()
    {
        Assert.Equal("1 October to 31 December 2026", WindowWords.Range(Sample.Q4.Window));
        Assert.Equal("1 December 2026 to 28 February 2027", DateWords.Range(new(2026, 12, 1), new(2027, 2, 28)));
        Assert.Equal("until 31 December 2027", WindowWords.Range(new Bounds(null, new(2027, 12, 31))));
        Assert.Equal("from 1 September 2026", WindowWords.Range(new Bounds(new(2026, 9, 1), null)));
    }

    [Fact]
    public void Every_status_has_a_word_a_class_and_no_final_one_shares_a_shape_with_a_running_one()
    {
        var faces = Enum.GetValues<Status>().ToDictionary(status => status, StatusFace.Of);
        var running = new[] { Status.Planned, Status.OnTrack, Status.AtRisk, Status.Delayed };
        var final = new[] { Status.Achieved, Status.Missed, Status.Cancelled };

        Assert.Equal(9, faces.Values.Select(face => face.Word).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(7, running.Concat(final).Select(status => faces[status].Shape).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void A_bare_date_means_its_end_in_utc()
    {
        Assert.True(AsOfQuery.TryRead("2026-10-05", out var asOf));
        Assert.Equal(Instant.FromUtc(2026, 10, 6, 0, 0) - Duration.FromTicks(10), asOf);
        Assert.True(AsOfQuery.TryRead("2026-10-05T08:00:00Z", out asOf));
        Assert.Equal(Instant.FromUtc(2026, 10, 5, 8, 0), asOf);
        Assert.True(AsOfQuery.TryRead("", out asOf));
        Assert.Null(asOf);
    }
}
