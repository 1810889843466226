using CsCheck;

namespace MilestoneWatch.Domain.Tests;

public sealed class ShareTests
{
    [Theory]
    [InlineData(-1, 3)]
    [InlineData(4, 3)]
    [InlineData(0, -1)]
    public void There_cannot_be_more_than_all_or_less_than_none(int hits, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Share(hits, count));

    [Fact]
    public void Of_none_nothing_is_known()
    {
        var none = new Share(0, 0);

        Assert.Null(none.Rate);
        Assert.Equal((0.0, 1.0), (none.Low, none.High));
        Assert.True(none.TooFew);
        Assert.Equal(default, none);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void Fewer_than_five_are_too_few_for_a_rate(int count, bool tooFew) => Assert.Equal(tooFew, new Share(1, count).TooFew);

    // R. G. Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven methods", Statistics in Medicine 17
    // (1998), 857–872, table I, method 3 (Wilson's, without correction for continuity):
    // https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Intervals_are_those_that_Newcombe_published(int hits, int count, double low, double high)
    {
        var share = new Share(hits, count);

        Assert.Equal((low, high), (Math.Round(share.Low, 4), Math.Round(share.High, 4)));
    }

    [Fact]
    public void The_interval_holds_the_rate_stays_within_bounds_and_mirrors_what_did_not_happen() =>
        Gen.Select(Gen.Int[1, 2000], Gen.Double[0, 1])
            .Sample(
                (count, part) =>
                {
                    var share = new Share((int)(part * count), count);
                    var rest = new Share(count - share.Hits, count);
                    Assert.InRange(share.Rate!.Value, share.Low, share.High);
                    Assert.True(share.Low >= 0 && share.High <= 1 && share.Low < share.High);
                    Assert.Equal(1 - rest.High, share.Low, 1e-12);
                }
            );
}
