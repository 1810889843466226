using MilestoneWatch.Delivery;
using MilestoneWatch.Tests.Mail;

namespace MilestoneWatch.Tests.Delivery;

public sealed class DeliveryOrderTests(PostgresCluster cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_held_is_not_sent_until_it_is_retried()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        var id = await IdAsync(house);

        Assert.Empty((await Orders(house).HoldAsync([id], Ct)).Refused);
        await house.PumpAsync();
        Assert.Empty(relay.Mails);

        Assert.Empty((await Orders(house).RetryAsync([id], Ct)).Refused);
        await house.PumpAsync();
        Assert.Single(relay.Mails);
    }

    [Theory]
    [InlineData("dead")]
    [InlineData("expired")]
    [InlineData("cancelled")]
    public async Task What_has_ended_unsent_is_sent_again_with_four_days_to_do_so(string state)
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        await house.ExecuteAsync(
            $"update deliveries set state = '{state}', settled_at = clock_timestamp(), expires_at = clock_timestamp() - interval '9 days'"
        );

        var ordered = await Orders(house).RetryAsync([await IdAsync(house)], Ct);

        Assert.Equal("ready", Assert.Single(ordered.Done).State);
        Assert.True(await house.ScalarAsync<bool>("select expires_at > clock_timestamp() + interval '95 hours' from deliveries"));
        await house.PumpAsync();
        Assert.Single(relay.Mails);
        Assert.Equal("sent: 1", await house.StatesAsync());
    }

    [Fact]
    public async Task What_may_have_been_accepted_stays_unknown_so_that_a_late_answer_still_counts()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        var late = await house.ClaimAsync("late");
        Assert.True(await house.MarkSendingAsync(late, "late"));
        await house.ExpireLeasesAsync();
        Assert.Equal("unknown: 1", await house.StatesAsync());

        var ordered = await Orders(house).RetryAsync([late.Id], Ct);
        Assert.Equal("unknown", Assert.Single(ordered.Done).State);
        await house.SettleAsync(late, "late", "sent");

        Assert.Equal("sent: 1", await house.StatesAsync());
        await house.PumpAsync();
        Assert.Empty(relay.Mails);
    }

    [Fact]
    public async Task What_a_worker_has_leased_is_not_held_or_retried_and_is_sent_once()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        var claimed = await house.ClaimAsync("worker");

        var held = await Orders(house).HoldAsync([claimed.Id], Ct);
        var retried = await Orders(house).RetryAsync([claimed.Id], Ct);

        Assert.Contains("a worker is about to send it", Assert.Single(held.Refused), StringComparison.Ordinal);
        Assert.Contains("a worker is about to send it", Assert.Single(retried.Refused), StringComparison.Ordinal);
        Assert.True(await house.MarkSendingAsync(claimed, "worker"));
    }

    [Fact]
    public async Task An_order_that_waits_for_a_pump_sees_what_the_pump_did()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        var id = await IdAsync(house);
        await using var pump = await house.Mw.Database.OpenConnectionAsync(Ct);
        await using var leasing = await pump.BeginTransactionAsync(Ct);
        await using (var lease = pump.CreateCommand())
        {
            lease.CommandText = "update deliveries set state = 'leased', worker = 'w', generation = generation + 1";
            await lease.ExecuteNonQueryAsync(Ct);
        }

        var holding = Orders(house).HoldAsync([id], Ct);
        await Cli.Until.TrueAsync(
            () => house.ScalarAsync<bool>("select exists (select from pg_locks where not granted)").GetAwaiter().GetResult(),
            "the order to wait for the pump",
            TimeSpan.FromMinutes(1)
        );
        await leasing.CommitAsync(Ct);

        Assert.Single((await holding).Refused);
        Assert.Equal("leased: 1", await house.StatesAsync());
        Assert.False(await house.ScalarAsync<bool>("select held from deliveries"));
    }

    [Fact]
    public async Task What_is_cancelled_while_it_is_leased_is_not_sent()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        var claimed = await house.ClaimAsync("worker");

        Assert.Empty((await Orders(house).CancelAsync([claimed.Id], "a slip", Ct)).Refused);

        Assert.False(await house.MarkSendingAsync(claimed, "worker"));
        Assert.Equal("cancelled by hand: a slip", await house.ScalarAsync<string>("select last_reply from deliveries"));
    }

    [Theory]
    [InlineData("sent", "sent already")]
    [InlineData("sending", "being sent")]
    public async Task What_is_gone_or_going_takes_no_order(string state, string word)
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        await house.ExecuteAsync($"update deliveries set state = '{state}'");
        long[] id = [await IdAsync(house)];

        DeliveryOrdered[] all =
        [
            await Orders(house).RetryAsync(id, Ct),
            await Orders(house).HoldAsync(id, Ct),
            await Orders(house).CancelAsync(id, null, Ct),
        ];

        Assert.All(all, ordered => Assert.Contains(word, Assert.Single(ordered.Refused), StringComparison.Ordinal));
        Assert.Equal($"{state}: 1", await house.StatesAsync());
    }

    [Fact]
    public async Task One_that_cannot_stops_all_and_each_is_named()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 2);
        var id = await IdAsync(house);

        var ordered = await Orders(house).HoldAsync([id, 999, 1000], Ct);

        Assert.Equal(2, ordered.Refused.Count);
        Assert.Contains("999", ordered.Refused[0], StringComparison.Ordinal);
        Assert.Equal(0, await house.ScalarAsync<int>("select count(*) from deliveries where held"));
    }

    [Theory]
    [InlineData("update subscribers set state = 'left'", "has left")]
    [InlineData("update subscribers set state = 'paused'", "mw subscriber resume")]
    [InlineData(
        "insert into suppressions (email_key, address, reason, evidence, suppressed_at) values ('READER1@EXAMPLE.ORG', 'x', 'hard', '5.1.1', now())",
        "mw suppression remove"
    )]
    public async Task Who_is_not_to_be_written_to_is_not_by_retrying_either(string happened, string word)
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        await house.ExecuteAsync("update deliveries set state = 'dead', settled_at = clock_timestamp()");
        await house.ExecuteAsync(happened);

        var ordered = await Orders(house).RetryAsync([await IdAsync(house)], Ct);
        var bulk = await Orders(house).RetryAsync(new DeliveryFilter { States = ["dead"] }, Ct);

        Assert.Contains(word, Assert.Single(ordered.Refused), StringComparison.Ordinal);
        Assert.Equal((0L, 1L), bulk);
        Assert.Equal("dead: 1", await house.StatesAsync());
    }

    [Fact]
    public async Task All_that_are_meant_are_retried_and_no_others()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 4);
        await house.ExecuteAsync(
            """
            update deliveries set state = 'dead', settled_at = clock_timestamp(), last_reply = case when address like 'reader1%' then 'no such user' else '550 Policy' end
            where address not like 'reader4%'
            """
        );

        var (done, left) = await Orders(house).RetryAsync(new DeliveryFilter { States = ["dead"], Reply = "policy" }, Ct);

        Assert.Equal((2L, 0L), (done, left));
        Assert.Equal("dead: 1, ready: 3", await house.StatesAsync());
        Assert.Equal((1L, 0L), await Orders(house).RetryAsync(new DeliveryFilter { States = ["dead"], To = "READER1@example.org" }, Ct));
    }

    private static DeliveryOrders Orders(House house) => new(house.Mw.Database);

    private static Task<long> IdAsync(House house) => house.ScalarAsync<long>("select min(id) from deliveries");
}
