using MilestoneWatch.Delivery;
using MilestoneWatch.Subscribers;
using MilestoneWatch.Tests.Mail;

namespace MilestoneWatch.Tests.Delivery;

public sealed class LeaseTests(PostgresCluster cluster)
{
    [Fact]
    public async Task Who_left_before_the_claim_is_not_written_to()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        await LeaveAsync(house, "reader1@example.org");

        await house.PumpAsync();

        Assert.Empty(relay.Mails);
        Assert.Equal("cancelled: 1", await house.StatesAsync());
        Assert.Equal(0, await house.ScalarAsync<int>("select attempts from deliveries"));
    }

    [Fact]
    public async Task Who_left_between_claim_and_send_is_not_written_to()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var relay = new ScriptedSmtpServer(new SmtpScript { BeforeFinal = go.Task });
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 2);

        var pumping = house.PumpAsync();
        await relay.FirstDot.Task;
        var next = await house.ScalarAsync<string>("select address from deliveries where state = 'leased'");
        await LeaveAsync(house, next!);
        go.SetResult();
        await pumping;

        Assert.DoesNotContain(next!, Assert.Single(relay.Mails).To);
        Assert.Equal("cancelled: 1, sent: 1", await house.StatesAsync());
    }

    [Fact]
    public async Task Who_leaves_while_the_relay_waits_for_the_content_is_not_written_to()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var relay = new ScriptedSmtpServer(new SmtpScript { BeforeFinal = go.Task, Then = new() });
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 3);

        var pumping = house.PumpAsync();
        await relay.FirstDot.Task;
        var asked = AskedLast(relay);
        Assert.Equal("leased: 2, sending: 1", await house.StatesAsync());
        Assert.Equal("leased", await house.ScalarAsync<string>($"select state from deliveries where address = '{asked}'"));
        await LeaveAsync(house, asked);
        go.SetResult();
        await pumping;

        Assert.Equal("cancelled: 1, sent: 2", await house.StatesAsync());
        Assert.DoesNotContain(relay.Mails, mail => mail.To.Contains(asked, StringComparison.Ordinal));
        Assert.Equal((2, 2), (relay.Mails.Count, relay.Connections));
        Assert.Equal(0, await house.ScalarAsync<int>($"select attempts from deliveries where address = '{asked}'"));
    }

    [Fact]
    public async Task Stopping_gives_back_what_the_relay_waits_for()
    {
        using var stop = new CancellationTokenSource();
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var relay = new ScriptedSmtpServer(new SmtpScript { BeforeFinal = go.Task, Then = new() }, new SmtpScript());
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 3);

        var pumping = house.Mw.Pump.RunOnceAsync(stop.Token);
        await relay.FirstDot.Task;
        var asked = AskedLast(relay);
        await stop.CancelAsync();
        go.SetResult();
        await pumping;
        Assert.Equal("ready: 2, sent: 1", await house.StatesAsync());
        Assert.Equal(0, await house.ScalarAsync<int>($"select attempts from deliveries where address = '{asked}'"));
        await house.PumpAsync();

        Assert.Equal("sent: 3", await house.StatesAsync());
        Assert.Equal(3, relay.Mails.Select(mail => mail.To).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(3, relay.Mails.Count);
    }

    /// <summary>Whose envelope came behind the first content.</summary>
    private static string AskedLast(ScriptedSmtpServer relay)
    {
        var said = string.Concat(relay.Reads);
        Assert.Equal(2, said.Split("\r\nDATA\r\n").Length - 1);
        return said.Split("RCPT TO:<")[^1].Split('>')[0];
    }

    [Fact]
    public async Task An_expired_lease_before_sending_is_ready_again()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        var late = await house.ClaimAsync("late");

        await house.ExpireLeasesAsync();

        Assert.Equal("ready: 1", await house.StatesAsync());
        Assert.False(await house.MarkSendingAsync(late, "late"));
        await house.PumpAsync();
        Assert.Single(relay.Mails);
    }

    [Fact]
    public async Task An_expired_lease_while_sending_is_unknown_until_the_late_worker_says_sent()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        var late = await house.ClaimAsync("late");
        Assert.True(await house.MarkSendingAsync(late, "late"));

        await house.ExpireLeasesAsync();
        Assert.Equal("unknown: 1", await house.StatesAsync());
        await house.SettleAsync(late, "late", "ready");
        Assert.Equal("unknown: 1", await house.StatesAsync());
        await house.SettleAsync(late, "late", "sent");

        Assert.Equal("sent: 1", await house.StatesAsync());
    }

    [Theory]
    [InlineData("sent")]
    [InlineData("ready")]
    [InlineData("dead")]
    public async Task A_late_worker_cannot_overwrite_a_newer_claim(string says)
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        var late = await house.ClaimAsync("late");
        await house.MarkSendingAsync(late, "late");
        await house.ExpireLeasesAsync();
        await house.WaitNoMoreAsync();
        var newer = await house.ClaimAsync("newer");
        await house.MarkSendingAsync(newer, "newer");

        await house.SettleAsync(late, "late", says);

        Assert.Equal("sending: 1", await house.StatesAsync());
        await house.SettleAsync(newer, "newer", "sent");
        Assert.Equal("sent: 1", await house.StatesAsync());
        Assert.Equal(
            "late:1, newer:2",
            await house.ScalarAsync<string>("select string_agg(worker || ':' || generation, ', ' order by generation) from attempts")
        );
    }

    [Fact]
    public async Task An_attempt_is_on_record_from_its_beginning_to_its_end_and_once()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        var claimed = await house.ClaimAsync("w");
        await house.MarkSendingAsync(claimed, "w");

        Assert.Equal("1 w under way", await TriesAsync(house, claimed.Id));
        await house.ExpireLeasesAsync();
        Assert.Equal("1 w under way", await TriesAsync(house, claimed.Id));
        await house.SettleAsync(claimed, "w", "sent");
        await house.SettleAsync(claimed, "w", "sent");

        Assert.Equal("1 w Accepted", await TriesAsync(house, claimed.Id));
    }

    [Fact]
    public async Task The_end_of_an_attempt_for_a_reader_who_was_erased_meanwhile_leaves_nothing_behind()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        var claimed = await house.ClaimAsync("w");
        await house.MarkSendingAsync(claimed, "w");
        await house.ExecuteAsync("delete from deliveries");

        await house.SettleAsync(claimed, "w", "sent");

        Assert.Equal(0, await house.ScalarAsync<long>("select count(*) from attempts"));
    }

    private static async Task<string> TriesAsync(House house, long id)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync();
        var story = await DeliveryDesk.FindAsync(connection, id, CancellationToken.None);
        return string.Join(", ", story!.Tries.Select(one => $"{one.Generation} {one.Worker} {one.Outcome ?? "under way"}"));
    }

    [Fact]
    public async Task Stopping_gives_back_what_was_not_sent()
    {
        using var stop = new CancellationTokenSource();
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Rcpt = SmtpScript.Hang });
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 3);

        var pumping = house.Mw.Pump.RunOnceAsync(stop.Token);
        await relay.FirstRcpt.Task;
        await stop.CancelAsync();
        await pumping;

        Assert.Equal("ready: 3", await house.StatesAsync());
    }

    private static async Task LeaveAsync(House house, string email)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync();
        var reader = await SubscriberStore.FindAsync(connection, email, CancellationToken.None);
        await SubscriberStore.LeaveAsync(connection, reader!.Id, house.Clock.GetCurrentInstant(), CancellationToken.None);
    }
}
