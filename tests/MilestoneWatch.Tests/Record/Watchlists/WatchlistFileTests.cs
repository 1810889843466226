using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record.Watchlists;
using NodaTime;

namespace MilestoneWatch.Tests.Record.Watchlists;

public sealed class WatchlistFileTests
{
    [Fact]
    public void The_founding_watchlist_is_read_whole()
    {
        var list = Founding.Read();
        Assert.Equal(("mistral-ai", "Mistral AI"), (list.Subject.Slug, list.Subject.Name));
        Assert.Equal(new LocalDate(2026, 6, 3), list.AsOf);
        Assert.Equal(
            (12, 6, 8, 4, 4),
            (list.Sources.Count, list.Milestones.Count, list.Questions.Count, list.Quotes.Count, list.Context.Count)
        );
        Assert.Equal(
            (7, 2, 4),
            (
                list.Milestones.Sum(m => m.Readings.Count),
                list.Milestones.Count(m => m.Kind == MilestoneKind.Quantity),
                list.Milestones.Sum(m => m.Evidence.Count)
            )
        );
    }

    [Fact]
    public void A_promise_comes_with_its_window()
    {
        var promised = Founding.Read().Milestones[0].Promised!;
        Assert.Equal("Q3 2026", promised.Phrase);
        Assert.Equal(
            (new LocalDate(2026, 7, 1), new LocalDate(2026, 9, 30)),
            (promised.Window.Earliest!.Value, promised.Window.Latest!.Value)
        );
    }

    [Fact]
    public void A_tally_says_which_relations_count()
    {
        var tally = Founding.Read().Milestones[2];
        Assert.Equal(["expansion", "renewal", "second_project"], tally.Relations.Where(r => r.Value).Select(r => r.Key).Order());
        Assert.Equal(5, tally.Baseline.Count);
        Assert.Null(tally.Threshold);
        Assert.Contains("baseline", tally.Ours);
    }

    [Fact]
    public void Evidence_keeps_its_stance_and_standing()
    {
        var evidence = Founding.Read().Milestones[3].Evidence.Single();
        Assert.Equal(("lists 40 MW there as existing", false), (evidence.Quote, evidence.Verbatim));
        Assert.Equal((Stance.Unclear, Standing.Reported), (evidence.Stance, evidence.Standing));
        Assert.Equal(["quote", "stance"], evidence.Ours.Order());
    }

    [Fact]
    public void Each_item_knows_its_line()
    {
        var lines = Founding.Yaml.Split('\n');
        foreach (var milestone in Founding.Read().Milestones)
        {
            Assert.Contains($"slug: {milestone.Slug}", lines[milestone.Line - 1], StringComparison.Ordinal);
            foreach (var reading in milestone.Readings)
                Assert.Contains(reading.Phrase, lines[reading.Line - 1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_change_nothing()
    {
        var yaml = "\uFEFF" + Founding.Yaml.ReplaceLineEndings("\r\n");
        WatchlistFile.TryRead(yaml, out var read, out var errors);
        Assert.Empty(errors);
        Assert.Equal(Founding.Read().Context[^1], read!.Context[^1]);
    }

    [Fact]
    public void Names_that_are_left_out_are_not_said()
    {
        var yaml = Founding
            .Yaml.Replace("    name: 1 GW of compute\n    short_name: 1 GW\n", "", StringComparison.Ordinal)
            .Replace("reaches 1 GW.\n    ours: [counts_when, name, short_name, outcome]", "reaches 1 GW.", StringComparison.Ordinal);
        Assert.True(WatchlistFile.TryRead(yaml, out var read, out _));
        Assert.Equal((null, null), (read.Milestones[^1].Name, read.Milestones[^1].ShortName));
    }
}
