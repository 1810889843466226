using CsCheck;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Web.Timeline;
using MilestoneWatch.Web.Views;
using NodaTime;
using static MilestoneWatch.Web.Timeline.Shapes;

namespace MilestoneWatch.Tests.Web;

public sealed class TimelineTests
{
    private static readonly Gen<LocalDate> AnyDay = Gen.Int[-3000, 6000].Select(Sample.Today.PlusDays);

    private static readonly Gen<LocalDate?> AnyBound = Gen.OneOf(Gen.Const((LocalDate?)null), AnyDay.Select(day => (LocalDate?)day));

    private static readonly Gen<Bounds> AnyBounds = Gen.Select(AnyBound, AnyBound, (a, b) => a > b ? new Bounds(b, a) : new Bounds(a, b));

    private static readonly Gen<PromiseView> AnyPromise = Gen.Select(
        AnyBounds,
        Gen.Bool,
        Gen.OneOf(Gen.Const((Bounds?)null), AnyBounds.Select(other => (Bounds?)other)),
        AnyBound,
        Gen.String[Gen.Char['a', 'z'], 1, 60],
        (bounds, approximate, other, since, phrase) =>
            new PromiseView(phrase, new Window(bounds.Earliest, bounds.Latest, Precision.Range, approximate, other), PromisedOn: since)
    );

    private static readonly Gen<MilestoneRow> AnyRow = Gen.Select(
        AnyPromise,
        AnyPromise.List[0, 3],
        AnyDay.List[0, 4],
        AnyDay.List[0, 4],
        Gen.Select(AnyDay, Gen.Double[0.001, 0.999]).List[0, 3],
        Gen.Bool,
        (promise, earlier, looks, evidence, forecast, attention) =>
            Sample.Borlange with
            {
                Promise = promise,
                Earlier = earlier,
                Looks = looks,
                Evidence = evidence,
                Forecast = [.. forecast.Select(point => new ForecastPoint(point.Item1, Math.Round((decimal)point.Item2, 3)))],
                Attention = attention ? "It waits." : null,
            }
    );

    [Fact]
    public void Everything_lies_within_the_timeline_and_its_row() =>
        Gen.Select(AnyRow.List[0, 4], AnyDay)
            .Sample(
                (rows, today) =>
                {
                    var chart = TimelineChart.Of(rows, today);
                    Assert.InRange(chart.TodayX, 0, 100);
                    Assert.True(chart.Scale.Start <= today && today < chart.Scale.End);
                    foreach (var (_, drawing) in chart.Rows)
                    {
                        Assert.All(
                            drawing.Bars,
                            bar =>
                            {
                                Assert.InRange(bar.X, 0, 100);
                                Assert.InRange(bar.X + bar.Width, 0, 100.0001);
                                Assert.True(bar.Width > 0, "a bar with no width");
                                Assert.InRange(bar.Y + bar.Height, 0, drawing.Height);
                            }
                        );
                        Assert.All(
                            drawing.Lines,
                            line =>
                            {
                                Assert.InRange(line.X1, 0, 100);
                                Assert.InRange(line.X2, 0, 100);
                            }
                        );
                        Assert.All(drawing.Labels, label => Assert.InRange(label.Y, 0, drawing.Height));
                        Assert.All(drawing.Marks, mark => Assert.InRange(mark.X, 0, 100));
                    }
                }
            );

    [Fact]
    public void Later_days_lie_further_right() =>
        Gen.Select(AnyRow.List[1, 4], AnyDay, AnyDay)
            .Sample(
                (rows, a, b) =>
                {
                    var scale = TimelineScale.Covering(rows, Sample.Today);
                    Assert.Equal(a < b, scale.X(a) < scale.X(b) || (a < b && scale.X(a) is 0 or 100));
                    Assert.True(scale.X(a) <= scale.NoonX(a) && scale.NoonX(a) <= scale.EndX(a));
                }
            );

    [Fact]
    public void A_quarter_begins_and_ends_at_its_own_ticks()
    {
        var chart = TimelineChart.Of([Sample.LesUlis], Sample.Today);
        var bar = chart.Rows[0].Drawing.Bars.Single(bar => bar.Kind == BarKind.Promise);

        Assert.Contains(chart.Ticks, tick => Math.Abs(tick.X - bar.X) < 1e-9);
        Assert.Contains(chart.Ticks, tick => tick.NewYear && Math.Abs(tick.X - (bar.X + bar.Width)) < 1e-9);
    }

    [Theory]
    [InlineData(true, true, false, Fade.None)]
    [InlineData(false, true, false, Fade.Start)]
    [InlineData(true, false, false, Fade.End)]
    [InlineData(false, false, false, Fade.Both)]
    [InlineData(true, true, true, Fade.Both)]
    public void Only_an_open_or_approximate_edge_fades(bool earliest, bool latest, bool approximate, Fade fade)
    {
        var window = new Window(
            earliest ? new LocalDate(2027, 1, 1) : null,
            latest ? new LocalDate(2027, 3, 31) : null,
            Precision.Quarter,
            approximate
        );

        Assert.Equal(fade, Drawn(Sample.Borlange with { Promise = new("x", window) }).Bars[0].Fade);
    }

    [Fact]
    public void The_other_reading_is_a_second_bar_that_ends_at_its_own_date()
    {
        var bars = Drawn(Sample.Compute200).Bars;
        var promise = bars.Single(bar => bar.Kind == BarKind.Promise);
        var other = bars.Single(bar => bar.Kind == BarKind.OtherReading);

        Assert.True(other.X + other.Width < promise.X + promise.Width);
        Assert.True(other.Y > promise.Y);
    }

    [Fact]
    public void A_step_joins_each_earlier_promise_to_the_one_that_replaced_it()
    {
        var between = Sample.Q3 with
        {
            Phrase = "November 2026",
            Window = new Window(new LocalDate(2026, 11, 1), new LocalDate(2026, 11, 30), Precision.Month),
        };
        var drawing = Drawn(Sample.LesUlis with { Earlier = [Sample.Q3, between] });

        Assert.Equal(2, drawing.Bars.Count(bar => bar.Kind == BarKind.Earlier));
        string[] slips = [.. drawing.Labels.Where(label => label.Class is "tl-slip").Select(label => label.Text)];
        Assert.Equal("+31 days +61 days", string.Join(' ', slips));
    }

    [Fact]
    public void A_date_that_moved_earlier_is_joined_backwards()
    {
        var drawing = Drawn(Sample.LesUlis with { Promise = Sample.Q3, Earlier = [Sample.Q4] });

        Assert.Contains(drawing.Labels, label => label.Text is "−92 days");
        Assert.Contains(drawing.Lines, line => line.Class is "tl-step" && line.X2 < line.X1);
    }

    [Fact]
    public void A_move_to_an_open_end_carries_no_number()
    {
        var open = Sample.Q4 with { Window = new Window(new LocalDate(2026, 10, 1), null, Precision.Quarter) };
        var drawing = Drawn(Sample.LesUlis with { Promise = open });

        Assert.DoesNotContain(drawing.Labels, label => label.Class is "tl-slip");
    }

    [Fact]
    public void Silence_is_drawn_from_the_day_that_passed_to_today_and_ends_when_it_is_settled()
    {
        var waiting = Drawn(Sample.Bruyeres);
        var settled = Drawn(Sample.Bruyeres with { Status = Status.Achieved, SettledOn = new LocalDate(2026, 7, 9), Attention = null });

        Assert.Equal(waiting.TodayX, waiting.Lines.Single(line => line.Class is "tl-silence").X2);
        Assert.DoesNotContain(settled.Lines, line => line.Class is "tl-silence");
    }

    [Fact]
    public void Quarters_stay_readable_up_to_2031_and_no_date_makes_the_timeline_endless()
    {
        var founding = TimelineChart.Of([Sample.LesUlis, Sample.Gigawatt], Sample.Today);
        var endless = Sample.Q4 with { Window = new Window(null, new LocalDate(9999, 12, 31), Precision.Day) };
        var far = TimelineChart.Of([Sample.LesUlis with { Promise = endless }], Sample.Today);

        Assert.All(founding.Ticks, tick => Assert.NotNull(tick.Quarter));
        Assert.InRange(far.Scale.MinWidth, 640, 1600);
        Assert.InRange(far.Ticks.Count(tick => tick.Year is not null), 3, 40);
    }

    private static RowDrawing Drawn(MilestoneRow row) => TimelineChart.Of([row], Sample.Today).Rows[0].Drawing;
}
