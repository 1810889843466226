using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;

namespace MilestoneWatch.Tests.Record.Watchlists;

public sealed class WatchlistImportTests(PostgresCluster cluster)
{
    private const string Phrase = "promised: {phrase: \"Q3 2026\", on: 2026-05-28, source: summit}";

    // everything that an import may write, as one text
    private const string Everything = """
        select concat_ws('|',
            (select max(position) from entries), (select string_agg(m::text, ',' order by id) from milestones m),
            (select string_agg(f::text, ',' order by key) from import_facts f), (select count(*) from sources),
            (select count(*) from quotes), (select count(*) from context_items), (select count(*) from subjects))
        """;

    [Fact]
    public async Task Importing_twice_adds_nothing()
    {
        await using var house = await FoundedAsync();
        var before = await house.ScalarAsync<string>(Everything);
        house.Clock.AdvanceDays(7);

        Assert.Equal(0, await house.ImportAsync(Founding.Yaml));
        Assert.Equal(before, await house.ScalarAsync<string>(Everything));
    }

    [Fact]
    public async Task Importing_again_reverts_no_analyst()
    {
        await using var house = await FoundedAsync();
        await house.RescheduleAsync("les-ulis-opening", "Q4 2026");
        await house.StatusAsync("les-ulis-opening", Status.Delayed);
        await house.StatusAsync("borlange-opening", Status.Cancelled);

        Assert.Equal(0, await house.ImportAsync(Founding.Yaml));
        var state = (await house.MilestoneAsync("les-ulis-opening")).State;
        Assert.Equal((Status.Delayed, 1), (state.Status, state.Moves));
        Assert.Equal(Is.Due("Q4 2026").Window, state.Window);
    }

    [Fact]
    public async Task An_edited_phrase_becomes_one_move()
    {
        await using var house = await FoundedAsync();
        var before = (await house.HistoryAsync("les-ulis-opening")).Count;
        var edited = Edited(Phrase, Phrase.Replace("Q3", "Q4", StringComparison.Ordinal));

        Assert.Equal(1, await house.ImportAsync(edited));
        Assert.Equal(0, await house.ImportAsync(edited));
        var history = await house.HistoryAsync("les-ulis-opening");
        Assert.Equal(before + 1, history.Count);
        var moved = Assert.IsType<Rescheduled>(history[^1].Body!.Change);
        Assert.Equal("Q4 2026", moved.Promise.Phrase);
        Assert.Equal("Mistral AI", history[^1].Body!.Source!.Publisher);
    }

    [Fact]
    public async Task Edited_wording_becomes_one_redefinition_and_leaves_an_analysts_other_words()
    {
        const string Slug = "les-ulis-opening";
        await using var house = await FoundedAsync();
        var known = (await house.MilestoneAsync(Slug)).Definition;
        await house.Mw.Recorder.RecordAsync(
            new RecordRequest(Slug, new Redefined(known with { Detail = "Ana's words." }), "ana"),
            CancellationToken.None
        );
        var edited = Edited("a construction start does not count.", "a ribbon does not count.");

        Assert.Equal(1, await house.ImportAsync(edited));
        var after = (await house.MilestoneAsync(Slug)).Definition;
        Assert.Equal(EntryKind.Redefined, (await house.HistoryAsync(Slug))[^1].Kind);
        Assert.EndsWith("a ribbon does not count.", after.CountsWhen, StringComparison.Ordinal);
        Assert.Equal(("Ana's words.", known.Title), (after.Detail, after.Title));
    }

    [Fact]
    public async Task What_is_no_longer_in_the_file_stays()
    {
        await using var house = await FoundedAsync();
        var before = await house.ScalarAsync<string>(Everything);
        var start = Founding.Yaml.IndexOf("  - slug: borlange-opening", StringComparison.Ordinal);
        var end = Founding.Yaml.IndexOf("  - slug: compute-1-gw", StringComparison.Ordinal);

        Assert.Equal(0, await house.ImportAsync(Founding.Yaml.Remove(start, end - start)));
        Assert.Equal(before, await house.ScalarAsync<string>(Everything));
    }

    [Fact]
    public async Task A_bad_file_changes_nothing()
    {
        await using var house = await FoundedAsync();
        var before = await house.ScalarAsync<string>(Everything);

        var unreadable = await Assert.ThrowsAsync<RefusedException>(() =>
            house.ImportAsync(Edited(Phrase, Phrase.Replace("Q3", "Q5", StringComparison.Ordinal)))
        );
        var contradictory = await Assert.ThrowsAsync<RefusedException>(() =>
            house.ImportAsync(
                Edited("slug: les-ulis-opening\n", "slug: brand-new\n")
                    .Replace("[les-ulis-opening, ", "[brand-new, ", StringComparison.Ordinal)
                    .Replace("slug: borlange-opening", "slug: compute-on-schedule-2", StringComparison.Ordinal)
                    .Replace("{slug: durable-advantage,", "{slug: borlange-opening,", StringComparison.Ordinal)
            )
        );

        Assert.Contains("Q5 2026", unreadable.Message, StringComparison.Ordinal);
        Assert.Contains("questions[borlange-opening]", contradictory.Message, StringComparison.Ordinal);
        Assert.Equal(before, await house.ScalarAsync<string>(Everything));
    }

    [Fact]
    public async Task Two_imports_at_once_record_one_files_entries()
    {
        await using var house = await House.OpenAsync(cluster);
        await using var other = await House.OpenAsync(cluster);
        var alone = await other.ImportAsync(Founding.Yaml);

        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => house.ImportAsync(Founding.Yaml))));

        Assert.Equal([0, alone], both.Order());
        Assert.Equal(alone, await house.ScalarAsync<int>("select count(*) from entries"));
    }

    [Fact]
    public async Task What_the_import_recorded_verifies()
    {
        await using var house = await FoundedAsync();
        await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);

        Assert.Empty((await LedgerVerification.RunAsync(connection, CancellationToken.None)).Problems);
    }

    private static string Edited(string from, string to)
    {
        Assert.Contains(from, Founding.Yaml, StringComparison.Ordinal);
        return Founding.Yaml.Replace(from, to, StringComparison.Ordinal);
    }

    private async Task<House> FoundedAsync()
    {
        var house = await House.OpenAsync(cluster, "2026-06-03T08:00:00Z");
        Assert.True(await house.ImportAsync(Founding.Yaml) > 0);
        return house;
    }
}
