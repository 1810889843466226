using Dapper;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using Npgsql;

namespace MilestoneWatch.Tests.Record;

/// <summary>A word that was redacted is nowhere in the database any more: every text of every table is looked at.</summary>
public sealed class RedactionTests(PostgresCluster cluster)
{
    private const string Canary = "Zanzibar";

    [Fact]
    public async Task An_analysts_words_name_source_and_reason_are_gone_from_every_table()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.CountedAsync();
        var request = new RecordRequest("customers", new Looked(), "ana")
        {
            Note = $"{Canary} note",
            Quote = $"{Canary} quote",
            Source = new SourceNamed($"{Canary} Times", $"{Canary} title", $"https://{Canary}.example"),
            Standing = Standing.Confirmed,
        };
        Change[] changes =
        [
            new EvidenceAdded(Stance.Supports, $"{Canary} SA", null, "renewal", false),
            new Looked(),
            new StatusChanged(Status.Achieved, $"{Canary} saw it"),
            new Reopened($"{Canary} was wrong"),
            new Rescheduled(Is.Due("Q3 2026")),
            new ReadingAdded(Is.Due("Q4 2026"), $"{Canary} opens", true),
        ];
        var positions = new List<long>();
        foreach (var change in changes)
        {
            positions.Add(await house.RecordAsync(request with { Changes = [change] }));
        }
        Assert.NotEmpty(await PlacesAsync(house));

        foreach (var position in positions)
        {
            await RedactAsync(house, position);
        }

        Assert.Empty(await PlacesAsync(house));
    }

    [Fact]
    public async Task A_files_words_are_gone_too_and_importing_the_file_again_brings_none_back()
    {
        await using var house = await House.OpenAsync(cluster);
        var yaml = $$"""
            subject: {slug: acme, name: Acme}
            as_of: 2026-05-28
            sources:
              wire: {publisher: Example Wire}
            milestones:
              - slug: site
                title: The {{Canary}} site opens
                kind: event
                counts_when: {{Canary}} says so.
                zone: UTC
                promised: {phrase: Q3 2026, on: 2026-05-28, source: wire, quote: "{{Canary}} in Q3", verbatim: true}
                evidence:
                  - {on: 2026-05-28, source: wire, stance: supports, standing: reported, quote: "{{Canary}} is open", verbatim: true}
                status: {is: achieved, on: 2026-05-28, source: wire, note: "{{Canary}} it is", standing: reported}
            """;
        await house.ImportAsync(yaml);
        foreach (var entry in await house.HistoryAsync("site"))
        {
            await RedactAsync(house, entry.Position);
        }

        Assert.Empty(await PlacesAsync(house));
        Assert.Equal(0, await house.ImportAsync(yaml));
        Assert.Empty(await PlacesAsync(house));
    }

    [Fact]
    public async Task An_entry_is_redacted_once_and_the_second_time_is_refused_by_name()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        var looked = await house.RecordAsync(new RecordRequest("site", new Looked(), "ana"));

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => Task.Run(() => house.Mw.Recorder.RedactAsync(looked, "asked for", "ana", CancellationToken.None)))
        );

        Assert.Single(outcomes.OfType<RecordOutcome.Recorded>());
        Assert.All(
            outcomes.OfType<RecordOutcome.Refused>(),
            refused => Assert.Contains($"entry {looked} was redacted already", refused.Reason, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_source_that_another_entry_cites_stays()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        var request = new RecordRequest("site", new Looked(), "ana") { Source = new SourceNamed("Example Wire") };
        var first = await house.RecordAsync(request);
        var second = await house.RecordAsync(request);

        await RedactAsync(house, first);
        Assert.Equal(1, await house.ScalarAsync<long>("select count(*) from sources where publisher = 'Example Wire'"));
        await RedactAsync(house, second);
        Assert.Equal(0, await house.ScalarAsync<long>("select count(*) from sources where publisher = 'Example Wire'"));
        Assert.Equal("Example Wire", (await SourceAfterAsync(house, request)).Publisher);
    }

    private static async Task<Citation> SourceAfterAsync(House house, RecordRequest request)
    {
        await house.RecordAsync(request);
        return (await house.HistoryAsync("site"))[^1].Body!.Source!;
    }

    private static async Task RedactAsync(House house, long position)
    {
        Assert.IsType<RecordOutcome.Recorded>(await house.Mw.Recorder.RedactAsync(position, "asked for", "ana", CancellationToken.None));
        await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);
        Assert.Empty((await LedgerVerification.RunAsync(connection, CancellationToken.None)).Problems);
    }

    /// <summary>The tables that hold the word in any row, read as text.</summary>
    private static async Task<IReadOnlyList<string>> PlacesAsync(House house)
    {
        await using var connection = new NpgsqlConnection(house.Owner);
        var tables = await connection.QueryAsync<string>(
            "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"
        );
        var places = new List<string>();
        foreach (var table in tables)
        {
            if (await connection.ExecuteScalarAsync<bool>($"select exists (select from {table} t where t::text ~* '{Canary}')"))
            {
                places.Add(table);
            }
        }
        return places;
    }
}
