using MilestoneWatch.Record.Watchlists;
using NodaTime;

namespace MilestoneWatch.Tests.Record.Watchlists;

public sealed class FactDatesTests
{
    private static readonly LocalDate Start = new(2026, 5, 28);

    [Fact]
    public void The_founding_watchlist_becomes_known_day_by_day()
    {
        var dates = new FactDates(Founding.Read(), Start);
        var told = new HashSet<string>(StringComparer.Ordinal);
        var lines = new List<string>();
        foreach (var day in dates.Days())
        {
            lines.Add($"{day:uuuu-MM-dd}");
            lines.AddRange(Lines(dates.KnownOn(day)).Where(told.Add).Select(l => $"  {l}"));
        }
        Assert.Equal(Lines(Founding.Read()).Order(), told.Order());
        Golden("fact-dates.txt", string.Join('\n', lines) + "\n");
    }

    [Fact]
    public void Nothing_is_known_before_the_start() =>
        Assert.Empty(Lines(new FactDates(Founding.Read(), Start).KnownOn(Start.PlusDays(-1))));

    [Fact]
    public void All_is_known_from_the_last_day_on()
    {
        var founding = Founding.Read();
        var dates = new FactDates(founding, Start);
        Assert.Equal(Lines(founding), Lines(dates.KnownOn(dates.Days()[^1])));
    }

    [Fact]
    public void A_later_start_takes_what_is_older_with_it()
    {
        var later = new LocalDate(2026, 6, 2);
        Assert.Equal([later, new LocalDate(2026, 6, 3)], new FactDates(Founding.Read(), later).Days());
    }

    [Fact]
    public void A_fact_is_recorded_no_earlier_than_its_source_was_published()
    {
        var founding = Founding.Read();
        var airbus = founding.Milestones[2].Evidence[0];
        Assert.Equal(new LocalDate(2026, 5, 28), airbus.On);
        Assert.Equal(new LocalDate(2026, 6, 3), new FactDates(founding, Start).RecordedOn(airbus));
    }

    private static IEnumerable<string> Lines(Watchlist list)
    {
        foreach (var m in list.Milestones)
        {
            yield return $"{m.Slug} appears: {(m.Promised is { } promise ? $"\"{promise.Phrase}\" ({promise.Source})" : "no date promised")}";
            if (m.Conflicts is not null)
                yield return $"{m.Slug}: its sources conflict";
            foreach (var r in m.Readings)
                yield return $"{m.Slug}: read as \"{r.Phrase}\" ({r.Source})";
            foreach (var p in m.Progress)
                yield return $"{m.Slug}: {p.Value} {m.Unit} {p.Standing} ({p.Source})";
            foreach (var e in m.Evidence)
                yield return $"{m.Slug}: {e.Name}{(e.Name is null ? "" : " ")}{e.Quote} ({e.Source})";
        }
        foreach (var q in list.Questions)
            yield return $"question: {q.Slug} ({q.Source})";
        foreach (var q in list.Quotes)
            yield return $"quote: {q.Who} ({q.Source})";
        foreach (var c in list.Context)
            yield return $"context: {c.Text} ({c.Source})";
    }

    /// <summary>Rewritten when MW_REWRITE_GOLDEN is set.</summary>
    private static void Golden(string name, string actual)
    {
        var file = Founding.Beside(name);
        if (Environment.GetEnvironmentVariable("MW_REWRITE_GOLDEN") is not null)
            File.WriteAllText(file, actual);
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
