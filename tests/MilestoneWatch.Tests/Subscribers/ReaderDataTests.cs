using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Subscribers;

namespace MilestoneWatch.Tests.Subscribers;

public sealed class ReaderDataTests(PostgresCluster cluster)
{
    // links, the look-up form of the address, and bookkeeping that says nothing about the reader
    private static readonly string[] NotExported = ["email_key", "link_generation", "tz_version", "welcome_due"];

    [Fact]
    public async Task The_export_holds_the_choices_the_digests_and_the_mails_with_their_attempts_and_no_link()
    {
        await using var house = await ReadersAsync();

        var data = (await ExportAsync(house, "ada@example.org"))!;
        var text = ReaderData.Text(data);

        Assert.Equal("ada@example.org", (string?)data["subscriber"]!["email"]);
        Assert.Equal("08:00", (string?)data["subscriber"]!["at_time"]);
        Assert.Equal("all", (string?)data["topics"]![0]!["kind"]);
        Assert.Equal("sent", (string?)data["digests"]![0]!["outcome"]);
        Assert.Equal("sent", (string?)data["mails"]![0]!["state"]);
        Assert.NotNull(data["mails"]![0]!["attempts"]![0]!["started_at"]);
        Assert.DoesNotContain("/settings/", text, StringComparison.Ordinal);
        Assert.DoesNotContain("bob@", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_column_of_a_readers_row_is_exported_or_known_not_to_be()
    {
        await using var house = await ReadersAsync();
        var columns = (
            await house.ScalarAsync<string>(
                "select string_agg(column_name, ',') from information_schema.columns where table_name = 'subscribers' and table_schema = 'public'"
            )
        )!.Split(',');

        var data = (await ExportAsync(house, "ada@example.org"))!;

        Assert.Equal(
            columns.Except(NotExported, StringComparer.Ordinal).Order(StringComparer.Ordinal),
            data["subscriber"]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Erasing_leaves_nothing_of_one_reader_and_all_of_the_others()
    {
        await using var house = await ReadersAsync();
        var bob = ReaderData.Text((await ExportAsync(house, "bob@example.org"))!);
        await using var connection = await house.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var ada = (await SubscriberStore.FindAsync(connection, "ada@example.org", CancellationToken.None))!;

        await ReaderData.EraseAsync(connection, ada.Id, CancellationToken.None);
        await ReaderData.EraseAsync(connection, ada.Id, CancellationToken.None);

        Assert.Null(await SubscriberStore.FindAsync(connection, "ada@example.org", CancellationToken.None));
        foreach (var table in (string[])["subscribers", "deliveries", "join_requests", "audiences"])
        {
            Assert.Equal(0, await house.ScalarAsync<long>($"select count(*) from {table} x where x::text like '%ada@%'"));
        }
        foreach (var table in (string[])["topics", "tokens", "decisions"])
        {
            Assert.Equal(0, await house.ScalarAsync<long>($"select count(*) from {table} where subscriber_id = {ada.Id}"));
        }
        foreach (var table in (string[])["attempts", "delivery_contents"])
        {
            Assert.Equal(
                0,
                await house.ScalarAsync<long>(
                    $"select count(*) from {table} a where not exists (select from deliveries d where d.id = a.delivery_id)"
                )
            );
        }
        Assert.Equal(bob, ReaderData.Text((await ExportAsync(house, "bob@example.org"))!));
    }

    [Fact]
    public async Task What_waits_to_be_sent_to_an_erased_reader_is_not_sent()
    {
        await using var house = await ReadersAsync();
        var before = house.Mails().Count;
        await house.StatusAsync("site", Status.OnTrack);
        house.Clock.AdvanceDays(1);
        while (await house.Mw.Digests.RunOnceAsync(CancellationToken.None)) { }
        await using var connection = await house.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var ada = (await SubscriberStore.FindAsync(connection, "ada@example.org", CancellationToken.None))!;

        await ReaderData.EraseAsync(connection, ada.Id, CancellationToken.None);
        await house.RunAsync();

        Assert.Equal("bob@example.org", Assert.Single(house.Mails().Skip(before)).To.ToString());
    }

    private async Task<House> ReadersAsync()
    {
        var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q4 2026");
        await house.JoinAsync("ada@example.org", Cadence.Daily);
        await house.JoinAsync("bob@example.org", Cadence.Daily);
        await house.StatusAsync("site", Status.AtRisk);
        await house.RunAtAsync("2026-05-29T06:00:00Z");
        Assert.Equal(2, house.Mails().Count);
        return house;
    }

    private static async Task<System.Text.Json.Nodes.JsonObject?> ExportAsync(House house, string email)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync();
        var reader = (await SubscriberStore.FindAsync(connection, email, CancellationToken.None))!;
        var data = await ReaderData.ExportAsync(connection, reader.Id, house.Clock.GetCurrentInstant(), CancellationToken.None);
        return data;
    }
}
