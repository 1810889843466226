using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using MilestoneWatch.Record.Watchlists;

namespace MilestoneWatch.Tests.Record.Watchlists;

public sealed class WatchlistChangeTests(PostgresCluster cluster)
{
    // block style, so that each key has a line of its own
    private const string File = """
        subject: {slug: acme, name: Acme}
        as_of: 2026-05-28
        sources:
          site: {publisher: Acme, url: "https://acme.example/news"}
          wire: {publisher: Wire, published_on: 2026-05-20}
        milestones:
          - slug: plant
            title: The plant opens
            kind: event
            counts_when: Acme says so.
            zone: Europe/Paris
            promised:
              phrase: Q3 2026
              on: 2026-05-28
              source: site
            readings:
              - {phrase: by Q3 2026, source: wire}
            evidence:
              - {quote: ground broken, verbatim: true, on: 2026-05-01, source: wire}
              - {quote: roof on, verbatim: true, on: 2026-05-02, source: wire}
          - slug: output
            title: 100 MW
            kind: quantity
            target: 100
            unit: MW
            direction: at_least
            counts_when: Acme says so.
            zone: Europe/Paris
            promised: {phrase: by 2027, on: 2026-05-28, source: site}
            progress:
              - {value: 10, on: 2026-05-01, source: site}
              - {value: 20, on: 2026-05-02, source: site}
          - slug: buyers
            title: Buyers
            kind: tally
            counts_when: They buy again.
            relations: {renewal: counts, launch: does_not_count}
            baseline: [One, Two]
        questions:
          - {slug: why, text: Why?, about: [plant, output], source: site}
        quotes:
          - {who: Ann, says: a, verbatim: false, source: site}
          - {who: Bob, says: b, verbatim: false, source: wire}
        context:
          - {on: 2026-05-01, text: One., source: site}
          - {on: 2026-05-02, text: Two., source: wire}
        """;

    [Theory]
    [InlineData("phrase: Q3 2026\n", "phrase: Q4 2026\n", "plant  moved to \"Q4 2026\"")]
    [InlineData(
        "counts_when: Acme says so.\n    zone: Europe/Paris\n    promised:\n",
        "counts_when: A report says so.\n    zone: Europe/Paris\n    promised:\n",
        "plant  reworded: counts_when"
    )]
    [InlineData("    readings:\n", "    readings:\n      - {phrase: autumn 2026, source: wire}\n", "plant  read as \"autumn 2026\" (Wire)")]
    [InlineData("{value: 20, on", "{value: 25, on", "output  progress 25 MW on 2026-05-02 (Acme)")]
    [InlineData("roof on, verbatim: true", "roof on, verbatim: false", "plant  evidence: roof on (Wire)")]
    [InlineData("    readings:\n", "    status: {is: at_risk, on: 2026-05-27}\n    readings:\n", "plant  at risk on 2026-05-27")]
    [InlineData("text: Why?", "text: Why now?", "why  reworded: title")]
    [InlineData("about: [plant, output], source: site}", "about: [plant, output], source: site, status: {is: answered}}", "why  answered")]
    [InlineData("baseline: [One, Two]", "baseline: [One, Two, Three]", "buyers  reworded: baseline")]
    [InlineData(
        "    baseline: [One, Two]",
        "    baseline: [One, Two]\n    aliases: {1: One}\n    threshold: 2",
        "buyers  reworded: aliases, threshold"
    )]
    [InlineData("says: b,", "says: bb,", "quote of Bob: bb")]
    public async Task A_change_in_the_file_becomes_what_it_means_and_is_told(string from, string to, string told)
    {
        await using var house = await ImportedAsync();
        var edited = Edited(from, to);

        Assert.Equal([told], await TryAsync(house, edited));
        Assert.Equal(told.Contains("quote of", StringComparison.Ordinal) ? 0 : 1, await house.ImportAsync(edited));
        Assert.Equal(0, await house.ImportAsync(edited));
        await RoundTrip.HoldsAsync(cluster, house);
    }

    [Fact]
    public async Task A_dry_run_records_nothing()
    {
        await using var house = await House.OpenAsync(cluster);
        Assert.NotEmpty(await TryAsync(house, File));
        Assert.Equal(
            0,
            await house.ScalarAsync<int>(
                "select (select count(*) from entries) + (select count(*) from subjects) + (select count(*) from import_facts)"
            )
        );
    }

    [Fact]
    public async Task Another_order_other_comments_and_other_spaces_are_no_change_and_the_order_is_kept()
    {
        await using var house = await ImportedAsync();
        var (milestones, questions) = (
            File.IndexOf("  - slug: plant", StringComparison.Ordinal),
            File.IndexOf("questions:", StringComparison.Ordinal)
        );
        var output = File.IndexOf("  - slug: output", StringComparison.Ordinal);
        var other = (File[..milestones] + File[output..questions] + "  # moved\n" + File[milestones..output] + File[questions..])
            .Replace("      - {quote: ground broken, verbatim: true, on: 2026-05-01, source: wire}\n", "", StringComparison.Ordinal)
            .Replace("source: wire}\n  - slug: output", "source: wire}\n", StringComparison.Ordinal)
            .Replace(
                "roof on, verbatim: true, on: 2026-05-02, source: wire}\n",
                "roof on,   verbatim: true, on: 2026-05-02, source: wire}\n      - {quote: ground broken, verbatim: true, on: 2026-05-01, source: wire}   # was first\n",
                StringComparison.Ordinal
            )
            .Replace(
                "relations: {renewal: counts, launch: does_not_count}",
                "relations: {launch: does_not_count, renewal: counts}",
                StringComparison.Ordinal
            )
            .Replace("[One, Two]", "[Two, One]", StringComparison.Ordinal)
            .Replace("[plant, output]", "[output, plant]", StringComparison.Ordinal);

        Assert.Equal([], await TryAsync(house, other));
        Assert.Equal(0, await house.ImportAsync(other));
        var back = Read(await RoundTrip.HoldsAsync(cluster, house));
        Assert.Equal(["output", "buyers", "plant"], back.Milestones.Select(m => m.Slug));
        Assert.Equal(["roof on", "ground broken"], back.Milestones[2].Evidence.Select(e => e.Quote));
    }

    [Fact]
    public async Task What_analysts_add_comes_after_what_the_file_has()
    {
        await using var house = await ImportedAsync();
        await house.RecordAsync(
            new RecordRequest("plant", new EvidenceAdded(Stance.Unclear, null, null, null, false), "ana") { Quote = "a wall" }
        );
        await house.ImportAsync(Edited("roof on, verbatim: true", "roof on at last, verbatim: true"));

        var back = Read(await RoundTrip.HoldsAsync(cluster, house));
        Assert.Equal(["ground broken", "roof on", "roof on at last", "a wall"], back.Milestones[0].Evidence.Select(e => e.Quote));
    }

    [Fact]
    public async Task A_renamed_source_and_a_source_described_anew_repeat_no_fact()
    {
        await using var house = await ImportedAsync();
        var renamed = File.Replace("wire", "the-wire", StringComparison.Ordinal);
        Assert.Equal([], await TryAsync(house, renamed));
        Assert.Equal(0, await house.ImportAsync(renamed));
        Assert.Equal(["site", "the-wire"], Read(await RoundTrip.HoldsAsync(cluster, house)).Sources.Select(s => s.Name));

        var described = renamed.Replace("publisher: Wire", "publisher: The Wire, title: News", StringComparison.Ordinal);
        Assert.Equal([], await TryAsync(house, described));
        Assert.Equal(0, await house.ImportAsync(described));
        var back = Read(await RoundTrip.HoldsAsync(cluster, house));
        Assert.Equal(["Acme", "The Wire"], back.Sources.Select(s => s.Publisher));
        Assert.Equal("the-wire", back.Milestones[0].Readings[0].Source);
    }

    [Fact]
    public async Task What_stands_twice_in_the_file_is_one_fact()
    {
        await using var house = await House.OpenAsync(cluster);
        const string Line = "      - {value: 10, on: 2026-05-01, source: site}\n";
        await house.ImportAsync(Edited(Line, Line + Line));
        Assert.Equal(2, Read(await RoundTrip.HoldsAsync(cluster, house)).Milestones[1].Progress.Count);
    }

    [Fact]
    public async Task What_an_analyst_recorded_first_is_not_recorded_again()
    {
        await using var house = await ImportedAsync();
        await house.RescheduleAsync("plant", "Q4 2026");
        await house.StatusAsync("plant", Status.Delayed);
        var same = Edited("phrase: Q3 2026\n", "phrase: fourth quarter of 2026\n")
            .Replace("    readings:\n", "    status: {is: delayed}\n    readings:\n", StringComparison.Ordinal);

        Assert.Equal([], await TryAsync(house, same));
        Assert.Equal(0, await house.ImportAsync(same));
    }

    [Theory]
    [InlineData(
        "phrase: Q3 2026\n",
        "phrase: Q4 2026\n",
        "milestones[plant].promised.phrase",
        "reopen it first, with a reason (`mw reopen plant --reason TEXT`)"
    )]
    [InlineData(
        "    readings:\n",
        "    status:\n      on: 2026-05-27\n      is: delayed\n    readings:\n",
        "milestones[plant].status.is",
        "reopen it first",
        2
    )]
    [InlineData(
        "    kind: event\n",
        "    kind: quantity\n    target: 1\n    unit: MW\n    direction: at_least\n",
        "milestones[plant].kind",
        "on record as an event, which never changes"
    )]
    [InlineData(
        "    counts_when: Acme says so.\n    zone: Europe/Paris\n    promised:\n",
        "    counts_when: Acme says so.\n    zone: Asia/Tokyo\n    promised:\n",
        "milestones[plant].zone",
        "on record in Europe/Paris",
        1
    )]
    [InlineData("  - slug: buyers\n", "  - slug: elsewhere\n", "milestones[elsewhere].slug", "it is a milestone of `other`")]
    [InlineData("slug: why", "slug: elsewhere", "questions[elsewhere]", "it is a milestone of `other`")]
    public async Task What_cannot_be_is_one_error_that_names_line_and_key(string from, string to, string key, string says, int below = 0)
    {
        await using var house = await ImportedAsync();
        await house.ImportAsync(
            "subject: {slug: other, name: Other}\nmilestones:\n  - {slug: elsewhere, title: E, kind: tally, counts_when: c, relations: {}}\n"
        );
        await house.StatusAsync("plant", Status.Cancelled);
        var before = await house.ScalarAsync<string>(
            "select concat((select max(position) from entries), (select string_agg(f::text, ',' order by key) from import_facts f))"
        );
        // something else that would be recorded, were this not refused
        var edited = Edited(from, to) + "\n  - {text: New., source: wire}\n";

        var refused = await Assert.ThrowsAsync<RefusedException>(() => house.ImportAsync(edited));

        var line = edited[..edited.IndexOf(to, StringComparison.Ordinal)].Count(c => c == '\n') + 1 + below;
        Assert.StartsWith($"line {line}: {key}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Equal(
            before,
            await house.ScalarAsync<string>(
                "select concat((select max(position) from entries), (select string_agg(f::text, ',' order by key) from import_facts f))"
            )
        );
    }

    [Fact]
    public async Task Achieved_without_evidence_is_refused_where_it_stands()
    {
        await using var house = await House.OpenAsync(cluster);
        var refused = await Assert.ThrowsAsync<RefusedException>(() =>
            house.ImportAsync(Edited("    readings:\n", "    status: {is: achieved}\n    readings:\n"))
        );
        Assert.StartsWith("line 16: milestones[plant].status.is: achieved needs evidence", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "    readings:\n",
        "    earlier: [{phrase: Q1 2026, on: 2025-01-01}, {phrase: Q2 2026, on: 2026-01-01}]\n    readings:\n",
        2
    )]
    [InlineData("    readings:\n", "    earlier: []\n    readings:\n", 0)]
    public async Task Earlier_promises_become_the_moves_of_a_new_milestone(string from, string to, int moves)
    {
        await using var house = await House.OpenAsync(cluster);
        await house.ImportAsync(Edited(from, to));
        Assert.Equal(moves, (await house.MilestoneAsync("plant")).State.Moves);
        Assert.Equal(Is.Due("Q3 2026").Window, (await house.MilestoneAsync("plant")).State.Window);
        await RoundTrip.HoldsAsync(cluster, house);
        Assert.Equal(0, await house.ImportAsync(Edited(from, "    earlier: [{phrase: Q1 2022, on: 2021-01-01}]\n    readings:\n")));
    }

    [Theory]
    [InlineData("earlier: [{phrase: third quarter of 2026, on: 2025-01-01}]", "milestones[plant].earlier", "mean the same")]
    [InlineData("earlier: [{phrase: Q5 2026, on: 2025-01-01}]", "milestones[plant].earlier[0].phrase", "cannot be read")]
    [InlineData("status: {is: answered}", "milestones[plant].status.is", "use one of: planned, on_track")]
    [InlineData("status: {is: delayed, until: 2027-01-01}", "milestones[plant].status.until", "unknown")]
    [InlineData("status: delayed", "milestones[plant].status", "must be a mapping")]
    public void A_mistake_in_the_new_keys_is_named(string line, string key, string says)
    {
        Assert.False(WatchlistFile.TryRead(Edited("    readings:\n", $"    {line}\n    readings:\n"), out _, out var errors));
        var error = Assert.Single(errors);
        Assert.Equal((16, key), (error.Line, error.Key));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    private static string Edited(string from, string to)
    {
        Assert.Contains(from, File, StringComparison.Ordinal);
        return File.Replace(from, to, StringComparison.Ordinal);
    }

    private static Watchlist Read(string yaml)
    {
        Assert.True(WatchlistFile.TryRead(yaml, out var read, out var errors), string.Join('\n', errors));
        return read;
    }

    private static async Task<IEnumerable<string>> TryAsync(House house, string yaml)
    {
        var result = await WatchlistImport.DryRunAsync(
            house.Mw.Database,
            Read(yaml),
            house.Clock.GetCurrentInstant(),
            CancellationToken.None
        );
        Assert.Null(result.Refused);
        return result.Lines.Select(line => line.Milestone is null ? line.Says : $"{line.Milestone}  {line.Says}");
    }

    private async Task<House> ImportedAsync()
    {
        var house = await House.OpenAsync(cluster);
        Assert.True(await house.ImportAsync(File) > 0);
        return house;
    }
}
