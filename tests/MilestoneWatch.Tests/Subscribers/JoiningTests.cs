using System.Text.RegularExpressions;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Hosting;
using MilestoneWatch.Subscribers;
using NodaTime;

namespace MilestoneWatch.Tests.Subscribers;

public sealed partial class JoiningTests(PostgresCluster cluster)
{
    [Fact]
    public async Task Who_was_not_asked_yet_gets_one_question_and_nothing_else()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q4 2026");
        await AskAsync(house);
        await house.RescheduleAsync("site", "Q1 2027");

        await house.RunAtAsync("2026-06-01T06:00:00Z");

        var mail = Assert.Single(house.Mails());
        Assert.Equal("Confirm your MilestoneWatch subscription", mail.Subject);
        Assert.False(mail.Headers.Contains("List-Unsubscribe"));
        Assert.Equal(0, await house.ScalarAsync<long>("select count(*) from decisions"));
    }

    [Fact]
    public async Task A_confirmation_works_once()
    {
        await using var house = await House.OpenAsync(cluster);
        var token = await AskAsync(house);

        Assert.True(await ConfirmAsync(house, token));
        Assert.False(await ConfirmAsync(house, token));
    }

    [Fact]
    public async Task Fifty_clicks_at_once_are_one()
    {
        await using var house = await House.OpenAsync(cluster);
        var token = await AskAsync(house);

        var clicks = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ConfirmAsync(house, token)));

        Assert.Single(clicks, confirmed => confirmed);
    }

    [Theory]
    [InlineData(3 * 24 * 3600 - 1, true)]
    [InlineData(3 * 24 * 3600, false)]
    public async Task A_confirmation_works_for_three_days(int seconds, bool works)
    {
        await using var house = await House.OpenAsync(cluster);
        var token = await AskAsync(house);
        house.Clock.AdvanceSeconds(seconds);

        Assert.Equal(works, await ConfirmAsync(house, token));
    }

    [Fact]
    public async Task Guessed_tokens_confirm_nobody()
    {
        await using var house = await House.OpenAsync(cluster);
        var token = await AskAsync(house);

        Assert.False(await ConfirmAsync(house, ""));
        Assert.False(await ConfirmAsync(house, token[..^1]));
        Assert.False(await ConfirmAsync(house, token + "\0"));
        Assert.Equal("pending", await house.ScalarAsync<string>("select state from subscribers"));
    }

    [Fact]
    public async Task A_confirmed_reader_starts_at_the_head()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q4 2026");
        var token = await AskAsync(house);
        await house.RescheduleAsync("site", "Q1 2027");
        await ConfirmAsync(house, token);
        await house.RunAsync();
        await house.RescheduleAsync("site", "Q2 2027");

        await house.RunAtAsync("2026-06-01T06:00:00Z");

        Assert.Equal("site moved from Q1 2027 to Q2 2027 (91 days later)", house.Mails()[^1].Subject);
        // asked, welcomed, told
        Assert.Equal(3, house.Mails().Count);
    }

    [Theory]
    [InlineData("a@example.org\r\nBcc: victim@example.org")]
    [InlineData("a@example.org\nSubject: hello")]
    [InlineData("a@example.org, victim@example.org")]
    [InlineData("Ada <a@example.org>")]
    [InlineData("a@example.org\0")]
    [InlineData("a b@example.org")]
    [InlineData("@example.org")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("")]
    public async Task What_is_no_bare_address_cannot_join(string address)
    {
        await using var house = await House.OpenAsync(cluster);

        await Assert.ThrowsAsync<RefusedException>(() => house.JoinAsync(address, Cadence.Daily));
        Assert.Equal(0, await house.ScalarAsync<long>("select count(*) from subscribers"));
    }

    [Fact]
    public async Task An_address_joins_once_however_it_is_spelled()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.JoinAsync("Ada@Example.org", Cadence.Daily);

        await Assert.ThrowsAsync<RefusedException>(() => house.JoinAsync("ada@example.ORG", Cadence.Weekly));
    }

    private static async Task<bool> ConfirmAsync(House house, string token) =>
        await Joining.ConfirmAsync(house.Mw.Database, token, house.Clock.GetCurrentInstant(), CancellationToken.None) is not null;

    /// <summary>Joins unconfirmed; the token in the mail that came.</summary>
    private static async Task<string> AskAsync(House house)
    {
        await Joining.AddAsync(
            house.Mw,
            "reader@example.org",
            new Schedule(Cadence.Weekly, new LocalTime(8, 0), 1, House.Paris),
            ["all"],
            "en",
            confirmed: false,
            welcome: false,
            CancellationToken.None
        );
        await house.RunAsync();
        return Token().Match(house.Mails()[^1].TextBody!).Groups[1].Value;
    }

    [GeneratedRegex("/confirm/([A-Za-z0-9_-]+)")]
    private static partial Regex Token();

    [Fact]
    public async Task Who_left_may_come_back_and_their_old_links_do_not_work()
    {
        await using var house = await House.OpenAsync(cluster);
        var before = await house.JoinAsync("reader@example.org", Cadence.Weekly);
        await using var connection = await house.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await SubscriberStore.LeaveAsync(connection, before.Id, house.Clock.GetCurrentInstant(), CancellationToken.None);

        var after = await house.JoinAsync("reader@example.org", Cadence.Daily);

        Assert.Equal((before.Id, "active", Cadence.Daily), (after.Id, after.State, after.Schedule.Cadence));
        Assert.NotEqual(before.LinkGeneration, after.LinkGeneration);
    }
}
