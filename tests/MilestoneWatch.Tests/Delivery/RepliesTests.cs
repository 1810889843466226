using MilestoneWatch.Tests.Mail;

namespace MilestoneWatch.Tests.Delivery;

public sealed class RepliesTests(PostgresCluster cluster)
{
    private const string Attempts = """
        select string_agg(outcome || '/' || coalesce(code::text, '-') || '/' || (ended_at is not null), ', ' order by generation) from attempts
        """;

    [Fact]
    public async Task What_the_relay_takes_is_sent_and_its_attempt_on_record()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);

        await house.PumpAsync();
        await house.PumpAsync();

        Assert.Single(relay.Mails);
        Assert.Equal("sent: 1", await house.StatesAsync());
        Assert.Equal("Accepted/250/true", await house.ScalarAsync<string>(Attempts));
        Assert.Contains("queued as 42", await house.ScalarAsync<string>("select last_reply from deliveries"));
    }

    [Fact]
    public async Task A_reply_that_PostgreSQL_cannot_hold_stops_nothing()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Final = "250 queued as \0 42" });
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 3);

        await house.PumpAsync();

        Assert.Equal("sent: 3", await house.StatesAsync());
        Assert.Equal("queued as 42", await house.ScalarAsync<string>("select min(last_reply) from deliveries"));
    }

    [Fact]
    public async Task What_the_relay_puts_off_is_ready_again_later()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Rcpt = "451 4.3.0 greylisted, come back" });
        await using var house = await Post.ReadyAsync(cluster, relay);

        await house.PumpAsync();

        Assert.Empty(relay.Mails);
        Assert.Equal("ready: 1", await house.StatesAsync());
        Assert.Equal("Temporary/451/true", await house.ScalarAsync<string>(Attempts));
        Assert.True(
            await house.ScalarAsync<bool>(
                """
                select last_code = 451 and last_reply like '%greylisted%'
                    and next_attempt_at between clock_timestamp() + interval '20 seconds' and clock_timestamp() + interval '2 hours'
                from deliveries
                """
            )
        );
        Assert.Null(house.Mw.Pump.Trouble);
    }

    [Fact]
    public async Task What_the_relay_refuses_for_good_is_dead()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Rcpt = "550 5.1.1 no such user" });
        await using var house = await Post.ReadyAsync(cluster, relay);

        await house.PumpAsync();
        await house.WaitNoMoreAsync();
        await house.PumpAsync();

        Assert.Equal("dead: 1", await house.StatesAsync());
        Assert.Equal("Permanent/550/true", await house.ScalarAsync<string>(Attempts));
    }

    [Fact]
    public async Task Nobody_knows_after_a_drop_at_the_final_dot_so_the_same_bytes_go_again()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Final = SmtpScript.Drop }, new SmtpScript());
        await using var house = await Post.ReadyAsync(cluster, relay);

        await house.PumpAsync();
        Assert.Equal("unknown: 1", await house.StatesAsync());
        Assert.True(await house.ScalarAsync<bool>("select next_attempt_at > clock_timestamp() + interval '10 minutes' from deliveries"));
        await house.PumpAsync();
        Assert.Single(relay.Mails);

        await house.WaitNoMoreAsync();
        await house.PumpAsync();

        Assert.Equal("sent: 1", await house.StatesAsync());
        Assert.Equal("Ambiguous/-/true, Accepted/250/true", await house.ScalarAsync<string>(Attempts));
        var sent = relay.Mails.ToArray();
        Assert.Equal(2, sent.Length);
        Assert.Equal(sent[0].Bytes, sent[1].Bytes);
    }

    [Fact]
    public async Task What_is_four_days_old_expires_unsent()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        await house.ExecuteAsync("update deliveries set expires_at = clock_timestamp() - interval '1 second'");

        await house.PumpAsync();

        Assert.Empty(relay.Mails);
        Assert.Equal("expired: 1", await house.StatesAsync());
    }

    [Fact]
    public async Task Two_pumps_send_three_hundred_mails_once_each()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 300, connections: 2);
        await using var other = await house.AnotherAsync();

        await Task.WhenAll(house.PumpAsync(), Post.PumpAsync(other.Pump));

        Assert.Equal("sent: 300", await house.StatesAsync());
        Assert.Equal(300, relay.Mails.Count);
        Assert.Equal(300, relay.Mails.Select(mail => mail.To).Distinct().Count());
    }

    [Fact]
    public async Task One_poisoned_mail_holds_up_nobody_and_is_dead_after_three_tries()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 50);
        await house.ExecuteAsync("update delivery_contents set personal = '{}' where delivery_id = (select min(id) from deliveries)");

        await house.PumpAsync();
        Assert.Equal("ready: 1, sent: 49", await house.StatesAsync());
        await house.WaitNoMoreAsync();
        await house.PumpAsync();
        Assert.Equal("ready: 1, sent: 49", await house.StatesAsync());
        await house.WaitNoMoreAsync();
        await house.PumpAsync();

        Assert.Equal("dead: 1, sent: 49", await house.StatesAsync());
        Assert.Equal(49, relay.Mails.Count);
    }
}
