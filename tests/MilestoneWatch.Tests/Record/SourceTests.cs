using System.Security.Cryptography;
using System.Text;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Tests.Record;

/// <summary>Where a fact was read: what is known of the source, and the text as it was then.</summary>
public sealed class SourceTests(PostgresCluster cluster)
{
    private const string Text = "Les Ulis ouvrira au quatrième trimestre.";

    [Fact]
    public async Task The_text_that_was_read_is_kept_once_with_its_hash_and_the_instant()
    {
        await using var house = await OpenAsync();
        await SayAsync(house, Text);
        await SayAsync(house, Text);

        var cited = (await house.HistoryAsync("site"))[^1].Body!.Source!;

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text))), cited.Sha256);
        Assert.Equal(Is.At("2026-05-28T08:00:00Z"), cited.RetrievedAt);
        Assert.Equal(new LocalDate(2026, 5, 27), cited.PublishedOn);
        Assert.Equal(Text, await house.ScalarAsync<string>("select content from source_texts"));
        Assert.Equal(1, await house.ScalarAsync<int>("select count(*) from sources where publisher = 'Example Wire'"));
    }

    [Fact]
    public async Task A_page_that_was_changed_is_kept_beside_what_it_said_before()
    {
        await using var house = await OpenAsync();
        await SayAsync(house, Text);
        await SayAsync(house, Text.Replace("quatrième", "premier", StringComparison.Ordinal));

        Assert.Equal(2, await house.ScalarAsync<int>("select count(*) from source_texts"));
        Assert.Equal(2, (await house.HistoryAsync("site")).Select(entry => entry.Body!.Source?.Sha256).OfType<string>().Distinct().Count());
    }

    [Fact]
    public async Task Redacting_the_entry_takes_the_text_and_the_ledger_still_verifies()
    {
        await using var house = await OpenAsync();
        var position = await SayAsync(house, Text);

        Assert.IsType<RecordOutcome.Recorded>(
            await house.Mw.Recorder.RedactAsync(position, "a private address", "ana", CancellationToken.None)
        );

        Assert.Equal(0, await house.ScalarAsync<int>("select count(*) from source_texts"));
        await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);
        var report = await LedgerVerification.RunAsync(connection, CancellationToken.None);
        Assert.Empty(report.Problems);
        Assert.Equal([position], report.Redacted);
    }

    private async Task<House> OpenAsync()
    {
        var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        return house;
    }

    private static Task<long> SayAsync(House house, string text) =>
        house.RecordAsync(
            new RecordRequest("site", new EvidenceAdded(Stance.Supports, null, null, null, false), "ana")
            {
                Source = new SourceNamed("Example Wire", "Les Ulis", "https://wire.example/les-ulis", new LocalDate(2026, 5, 27))
                {
                    Content = text,
                },
                Standing = Standing.Reported,
            }
        );
}
