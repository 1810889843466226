using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Subscribers;
using NodaTime;

namespace MilestoneWatch.Tests.Digests;

/// <summary>The welcome, and the sign of life after 28 days.</summary>
public sealed class FirstAndQuietMailTests(PostgresCluster cluster)
{
    private const string Reader = "reader@example.org";

    [Fact]
    public async Task The_welcome_tells_how_it_stands_and_the_next_digest_only_what_changed_since()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "2031");
        await house.RescheduleAsync("site", "2032");
        var reader = await WelcomedAsync(house, Cadence.Weekly);

        await house.RunAsync();
        var welcome = Assert.Single(house.Mails());
        Assert.StartsWith("Welcome", welcome.Subject, StringComparison.Ordinal);
        Assert.Contains("\"2032\"", welcome.TextBody, StringComparison.Ordinal);
        Assert.True(welcome.Headers.Contains("List-Unsubscribe"));

        await house.RescheduleAsync("site", "2033");
        await house.RunAtAsync("2026-06-01T06:00:00Z");
        Assert.Equal("site moved from 2032 to 2033 (365 days later)", house.Mails()[^1].Subject);
        await using var connection = await house.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var decisions = await DecisionStore.OfAsync(connection, reader.Id, Instant.MinValue, CancellationToken.None);
        Assert.Equal(["welcome", "digest 1"], decisions.Select(decision => decision.InWords()));
        Assert.Equal(["Date moved: The site"], decisions[^1].Held!);
    }

    [Fact]
    public async Task What_changes_before_the_welcome_is_written_is_news_all_the_same()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "2031");
        await WelcomedAsync(house, Cadence.Immediate);
        await house.RescheduleAsync("site", "2032");

        await house.RunAsync();
        Assert.Contains("\"2031\"", Assert.Single(house.Mails()).TextBody, StringComparison.Ordinal);
        house.Clock.AdvanceMinutes(11);
        await house.RunAsync();

        Assert.Equal("site moved from 2031 to 2032 (366 days later)", house.Mails()[^1].Subject);
    }

    [Fact]
    public async Task An_empty_watchlist_welcomes_nobody()
    {
        await using var house = await House.OpenAsync(cluster);
        await WelcomedAsync(house, Cadence.Weekly);

        await house.RunAtAsync("2026-06-01T06:00:00Z");

        Assert.Empty(house.Mails());
    }

    [Theory]
    [InlineData(Cadence.Daily)]
    [InlineData(Cadence.Weekly)]
    [InlineData(Cadence.Immediate)]
    public async Task After_28_days_without_a_mail_one_says_that_nothing_changed_and_so_on(Cadence cadence)
    {
        await using var house = await House.OpenAsync(cluster, "2026-06-01T05:00:00Z");
        await house.PromiseAsync("site", "2031");
        await house.JoinAsync(Reader, cadence);

        for (var day = new LocalDate(2026, 6, 1); day < new LocalDate(2026, 8, 10); day = day.PlusDays(1))
        {
            house.Clock.Reset(House.Paris.AtLeniently(day + new LocalTime(8, 0)).ToInstant());
            await house.RunAsync();
        }

        Assert.Equal(
            [new LocalDate(2026, 6, 29), new LocalDate(2026, 7, 27)],
            house.Mails().Select(mail => Instant.FromDateTimeOffset(mail.Date).InZone(House.Paris).Date)
        );
        Assert.All(house.Mails(), mail => Assert.StartsWith("Nothing changed since", mail.Subject, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_can_be_turned_off()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "2031");
        await house.JoinAsync(Reader, Cadence.Weekly);
        await house.ExecuteAsync("update subscribers set nothing_changed = false");

        await house.RunAtAsync("2026-12-28T07:00:00Z");

        Assert.Empty(house.Mails());
    }

    [Fact]
    public async Task A_mail_with_news_begins_the_28_days_anew()
    {
        await using var house = await House.OpenAsync(cluster, "2026-06-01T05:00:00Z");
        await house.PromiseAsync("site", "2031");
        await house.JoinAsync(Reader, Cadence.Weekly);
        await house.RunAtAsync("2026-06-15T06:00:00Z");
        await house.RescheduleAsync("site", "2032");
        await house.RunAtAsync("2026-06-22T06:00:00Z");
        await house.RunAtAsync("2026-07-13T06:00:00Z");
        Assert.Single(house.Mails());

        await house.RunAtAsync("2026-07-20T06:00:00Z");
        Assert.Equal("Nothing changed since 22 June", house.Mails()[^1].Subject);
    }

    private static Task<Subscriber> WelcomedAsync(House house, Cadence cadence) =>
        Joining.AddAsync(
            house.Mw,
            Reader,
            new Schedule(cadence, new LocalTime(8, 0), 1, House.Paris),
            ["all"],
            "en",
            confirmed: true,
            welcome: true,
            CancellationToken.None
        );
}
