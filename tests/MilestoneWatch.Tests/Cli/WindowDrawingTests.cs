using CsCheck;
using MilestoneWatch.Cli;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Windows;
using NodaTime;
using static MilestoneWatch.Cli.WindowPicture;

namespace MilestoneWatch.Tests.Cli;

public sealed class WindowDrawingTests
{
    private static readonly LocalDate Today = new(2026, 10, 5);

    private static readonly Gen<LocalDate> AnyDay = Gen.OneOf(
        Gen.Int[-900, 1500].Select(Today.PlusDays),
        Gen.Int[-160_000, 2_900_000].Select(Today.PlusDays)
    );

    private static readonly Gen<LocalDate?> AnyBound = Gen.OneOf(Gen.Const((LocalDate?)null), AnyDay.Select(day => (LocalDate?)day));

    private static readonly Gen<Bounds> AnyBounds = Gen.Select(AnyBound, AnyBound, (a, b) => a > b ? new Bounds(b, a) : new Bounds(a, b));

    private static readonly Gen<DrawnPromise> AnyPromise = Gen.Select(
        AnyBounds,
        Gen.Bool,
        Gen.OneOf(Gen.Const((Bounds?)null), AnyBounds.Select(other => (Bounds?)other)),
        AnyBound,
        Gen.String[0, 60],
        (bounds, approximate, other, since, phrase) =>
            new DrawnPromise(phrase, new Window(bounds.Earliest, bounds.Latest, Precision.Range, approximate, other), since)
    );

    private static readonly Gen<WindowPicture> AnyPicture = Gen.Select(
        AnyPromise,
        AnyPromise.List[0, 4],
        AnyDay,
        AnyDay.List[0, 3],
        Gen.Select(AnyDay, Gen.Int[1, 999]).List[0, 3],
        Gen.Select(Gen.Bool, AnyBound),
        (promise, earlier, today, days, forecast, settled) =>
            new WindowPicture
            {
                Promise = promise,
                Earlier = earlier,
                Today = today,
                Settled = settled.Item2 is { } on ? (on, '✓') : null,
                NeedsLook = settled.Item1,
                Looks = days,
                Evidence = days,
                Forecast = [.. forecast.Select(point => new ForecastPoint(point.Item1, point.Item2 / 1000m))],
            }
    );

    [Fact]
    public void No_line_is_wider_than_the_page_and_every_window_draws() =>
        Gen.Select(AnyPicture, Gen.Int[WindowDrawing.LeastWidth, 200])
            .Sample(
                (picture, width) =>
                {
                    var lines = WindowDrawing.Draw(picture, width);
                    Assert.All(lines, line => Assert.InRange(line.Text.Length, 0, width));
                    Assert.All(lines, line => Assert.Equal(line.Text.Length, line.Inks.Count));
                    Assert.All(lines, line => Assert.DoesNotContain(line.Text, char.IsControl));
                    Assert.Contains(lines, line => line.Text.IndexOfAny(['█', '▓', '▒', '░', '✓', WindowDrawing.TodayCell]) >= 0);
                    Assert.Contains(lines, line => line.Text.Contains("today", StringComparison.Ordinal) || width < 40);
                }
            );

    [Fact]
    public void A_slip_joins_the_earlier_promise_to_the_present_one()
    {
        var drawn = Draw(Picture("Q4 2026") with { Earlier = [Promised("Q3 2026")] });

        Assert.Equal(
            """
              2026                                   2027
              Q3                 Q4                  Q1                 Q2
              ┬──────────────────┬▼──────────────────┬──────────────────┬───────────────────
                                  ┊ today, 5 October 2026
                                 “Q4 2026”
                                 █┊███████████████████
              ├╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┤───────────────────┘ +92 days
              “Q3 2026”           ┊
            """,
            drawn
        );
    }

    [Fact]
    public void An_earlier_date_steps_back_over_its_ghost() =>
        Assert.Equal(
            """
              2026                                   2027
              Q3                 Q4                  Q1                 Q2
              ┬──────────────────┬▼──────────────────┬──────────────────┬───────────────────
                                  ┊ today, 5 October 2026
              “Q3 2026”           ┊
              ████████████████████┊
                                 └───────────────────┐
                                 ├╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┤ −92 days
                                 “Q4 2026”
            """,
            Draw(Picture("Q3 2026") with { Earlier = [Promised("Q4 2026")] })
        );

    [Fact]
    public void An_open_start_fades_in_and_the_other_reading_is_hatched()
    {
        var lines = Lines(Picture("by 2027"));

        Assert.Contains(lines, line => line.TrimStart().StartsWith("░▒▓█", StringComparison.Ordinal) && line.EndsWith('█'));
        Assert.Contains(lines, line => line.Contains("╱╱╱ or until 31 December 2026", StringComparison.Ordinal));
    }

    [Fact]
    public void An_approximate_window_fades_at_both_ends()
    {
        var bar = Assert.Single(Lines(Picture("around September 2027")), line => line.Contains('▒', StringComparison.Ordinal)).TrimEnd();

        Assert.Contains("░", bar, StringComparison.Ordinal);
        Assert.True(bar.IndexOf('▒', StringComparison.Ordinal) < bar.LastIndexOf('▒'));
    }

    [Theory]
    [InlineData("15 September 2026")]
    [InlineData("2500")]
    [InlineData("1600 to 2100")]
    [InlineData("TBD")]
    [InlineData("from 2027")]
    [InlineData("9998")]
    [InlineData("1583")]
    public void Every_width_of_window_has_a_bar(string phrase)
    {
        foreach (var width in (int[])[20, 40, 80, 200])
        {
            Assert.Contains(
                WindowDrawing.Draw(Picture(phrase), width),
                line => line.Inks.Zip(line.Text).Any(cell => cell is { First: Ink.Accent, Second: '█' or '▓' or '▒' or '░' })
            );
        }
    }

    [Fact]
    public void Today_far_from_the_promises_stands_at_the_edge()
    {
        Assert.Contains("  ◀ today, 5 October 2026", Lines(Picture("Q3 2126")));
        var past = Lines(Picture("Q3 1926"));
        Assert.Contains(past, line => line.Length == 80 && line.EndsWith("today, 5 October 2026 ▶", StringComparison.Ordinal));
    }

    [Fact]
    public void A_passed_window_shows_the_silence_since()
    {
        var bar = Assert.Single(
            Lines(Picture("Q2 2026") with { NeedsLook = true }),
            line => line.Contains("days past", StringComparison.Ordinal)
        );

        Assert.Matches("█·+! 97 days past$", bar);
    }

    [Fact]
    public void What_is_known_stands_beneath_by_day()
    {
        var lines = Lines(
            Picture("Q4 2026") with
            {
                Looks = [Today],
                Evidence = [Today.PlusDays(-40)],
                Forecast = [new ForecastPoint(new LocalDate(2026, 12, 31), 0.62m)],
            }
        );

        Assert.Contains(lines, line => line.Contains('▅', StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("62% by 31 December 2026, forecast", StringComparison.Ordinal));
        Assert.Equal("  • evidence   ╵ looked, nothing new", lines[^1]);
    }

    private static string Draw(WindowPicture picture) => string.Join('\n', Lines(picture));

    private static List<string> Lines(WindowPicture picture) => [.. WindowDrawing.Draw(picture, 80).Select(line => line.Text)];

    private static WindowPicture Picture(string phrase) => new() { Promise = Promised(phrase), Today = Today };

    private static DrawnPromise Promised(string phrase)
    {
        Assert.True(PhraseReader.TryRead(phrase, Today, null, out var window, out _));
        return new DrawnPromise(phrase, window, new LocalDate(2026, 7, 20));
    }
}
