using System.Text;
using MilestoneWatch.Delivery;
using MilestoneWatch.Mail;
using MilestoneWatch.Tests.Mail;

namespace MilestoneWatch.Tests.Delivery;

public sealed class FateTests(PostgresCluster cluster)
{
    [Fact]
    public async Task By_configuration_a_mail_of_unknown_fate_waits_for_somebody_to_decide()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Final = SmtpScript.Drop }, new SmtpScript());
        await using var house = await Post.ReadyAsync(cluster, relay, more: ("Delivery:Unknown", "hold"));

        await house.PumpAsync();
        await house.WaitNoMoreAsync();
        await house.PumpAsync();

        Assert.Equal("unknown: 1", await house.StatesAsync());
        Assert.Single(relay.Mails);
    }

    [Fact]
    public async Task What_is_held_expires_all_the_same()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        await house.ExecuteAsync("update deliveries set held = true");
        await house.PumpAsync();
        Assert.Equal("ready: 1", await house.StatesAsync());

        await house.ExecuteAsync("update deliveries set expires_at = clock_timestamp() - interval '1 second'");
        await house.PumpAsync();

        Assert.Equal("expired: 1", await house.StatesAsync());
        Assert.Empty(relay.Mails);
    }

    [Fact]
    public async Task An_address_that_the_relay_does_not_know_is_not_written_to_again()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Rcpt = "550 5.1.1 no such user" });
        await using var house = await Post.ReadyAsync(cluster, relay);
        await house.PumpAsync();
        Assert.Equal("dead: 1", await house.StatesAsync());
        Assert.Equal("hard: 5.1.1 no such user", await house.ScalarAsync<string>("select reason || ': ' || evidence from suppressions"));

        await house.ExecuteAsync("update deliveries set state = 'ready', settled_at = null");
        await house.WaitNoMoreAsync();
        await house.PumpAsync();

        Assert.Equal("cancelled: 1", await house.StatesAsync());
        Assert.Equal(1, await house.ScalarAsync<long>("select count(*) from attempts"));
    }

    [Fact]
    public async Task A_refused_mail_says_nothing_of_its_address()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Final = "554 5.7.1 looks like spam" });
        await using var house = await Post.ReadyAsync(cluster, relay);

        await house.PumpAsync();

        Assert.Equal("dead: 1", await house.StatesAsync());
        Assert.Equal(0, await house.ScalarAsync<long>("select count(*) from suppressions"));
    }

    [Fact]
    public async Task Each_mail_has_a_return_path_of_its_own()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 3, more: ("Mail:From", "Watch <watch@example.org>"));

        await house.PumpAsync();

        Assert.Equal(3, relay.Mails.Select(mail => mail.From).Distinct(StringComparer.Ordinal).Count());
        Assert.All(relay.Mails, mail => Assert.Matches("watch\\+[a-z2-7]+@example\\.org", mail.From));
    }

    [Fact]
    public async Task A_retry_is_the_same_bytes_though_the_key_was_changed_in_between()
    {
        using var keys = new TemporaryKeys();
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Final = SmtpScript.Drop }, new SmtpScript());
        await using var house = await Post.ReadyAsync(
            cluster,
            relay,
            1,
            1,
            ("Mail:From", "Watch <watch@example.org>"),
            ("Dkim:Keys:0:File", keys.Make("old")),
            ("Dkim:Keys:0:Selector", "old")
        );
        await house.PumpAsync();
        house.Mw.Settings.Dkim.Keys[0].File = keys.Make("new");
        house.Mw.Settings.Dkim.Keys[0].Selector = "new";
        await using var upgraded = await house.AnotherAsync();
        await house.ExecuteAsync("insert into signing_keys (secret, created_at) values (decode(repeat('ab', 32), 'hex'), now())");

        await house.WaitNoMoreAsync();
        await Post.PumpAsync(upgraded.Pump);

        var sent = relay.Mails.ToArray();
        Assert.Equal(2, sent.Length);
        Assert.Equal(sent[0].Bytes, sent[1].Bytes);
        Assert.Equal(sent[0].From, sent[1].From);
        Assert.Contains("s=old;", System.Text.Encoding.ASCII.GetString(sent[1].Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_just_asked_is_answered_before_a_backlog_of_digests()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 5);
        await using (var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None))
        {
            var now = house.Clock.GetCurrentInstant();
            var letter = new Letter("confirmation", "Confirm", "Confirm.", "<p>Confirm.</p>")
            {
                Recipient = "join:new",
                Address = "new@example.org",
                Slot = now,
                Key = "confirmation",
            };
            await DeliveryStore.EnsureSlotAsync(connection, now, CancellationToken.None);
            await letter.AddAsync(connection, house.Mw.Settings.Mail, now, CancellationToken.None);
        }

        await house.PumpAsync();

        Assert.Contains("new@example.org", relay.Mails.First().To, StringComparison.Ordinal);
        Assert.Equal("sent: 6", await house.StatesAsync());
    }

    [Fact]
    public async Task What_a_lost_answer_left_in_doubt_is_marked_once_and_may_be_asked_for_again()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);
        var claimed = await house.ClaimAsync("mine");

        Assert.True(await house.MarkSendingAsync(claimed, "mine"));
        Assert.True(await house.MarkSendingAsync(claimed, "mine"));
        Assert.False(await house.MarkSendingAsync(claimed, "another"));

        Assert.Equal(1, await house.ScalarAsync<int>("select attempts from deliveries"));
        await house.SettleAsync(claimed, "mine", "sent");
        Assert.Equal(1, await house.ScalarAsync<long>("select count(*) from attempts"));
    }

    [Fact]
    public async Task A_run_that_lost_its_database_leaves_its_lease_and_others_finish()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 3);
        await using (
            var lease = await WorkerLease.BeginAsync(
                house.Mw.Database,
                TimeSpan.FromMinutes(1),
                TimeProvider.System,
                CancellationToken.None
            )
        )
        {
            Assert.Equal(3, (await house.ClaimAsync(lease.Worker, 10)).Count);
            // it ends without a word of what it had: Clean stays false
        }
        await house.PumpAsync();
        Assert.Equal("leased: 3", await house.StatesAsync());

        await house.ExpireLeasesAsync();
        await house.PumpAsync();

        Assert.Equal("sent: 3", await house.StatesAsync());
        Assert.Equal(3, relay.Mails.Count);
    }

    [Fact]
    public async Task Mails_that_cannot_be_composed_say_nothing_of_the_relay()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 20);
        await house.ExecuteAsync(
            "update delivery_contents set personal = '{}' where delivery_id in (select id from deliveries order by id limit 15)"
        );

        await house.PumpAsync();

        Assert.Equal("ready: 15, sent: 5", await house.StatesAsync());
        Assert.Null(house.Mw.Pump.Trouble);
    }

    [Fact]
    public async Task What_the_previous_version_has_written_goes_out_as_it_is()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 2);
        await house.ExecuteAsync(
            """
            with old as (delete from delivery_contents where delivery_id = (select min(id) from deliveries) returning delivery_id, headers, personal)
            update deliveries d set headers = old.headers, personal = old.personal from old where d.id = old.delivery_id
            """
        );
        Assert.Equal(1, await house.ScalarAsync<long>("select count(*) from deliveries where headers is not null"));

        await house.PumpAsync();

        Assert.Equal("sent: 2", await house.StatesAsync());
        Assert.All(
            relay.Mails,
            mail => Assert.Contains("Message-ID:", Encoding.ASCII.GetString(mail.Bytes), StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public async Task A_worker_whose_lease_others_have_ended_claims_nothing_that_would_belong_to_nobody()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay);

        Assert.Empty(await house.ClaimAsync("buried", 10));

        Assert.Equal("ready: 1", await house.StatesAsync());
    }

    [Fact]
    public async Task One_replica_alone_probes_a_relay_that_has_rested()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Mail = "550 not you" });
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 20);
        await house.Mw.Pump.RunOnceAsync(CancellationToken.None);
        await using var second = await house.AnotherAsync();
        await using var third = await house.AnotherAsync();
        var before = await house.ScalarAsync<long>("select count(*) from attempts");
        await house.RestedAsync();

        await Task.WhenAll(
            house.Mw.Pump.RunOnceAsync(CancellationToken.None),
            second.Pump.RunOnceAsync(CancellationToken.None),
            third.Pump.RunOnceAsync(CancellationToken.None)
        );

        Assert.Equal(before + 1, await house.ScalarAsync<long>("select count(*) from attempts"));
        Assert.Equal("ready: 20", await house.StatesAsync());
    }

    [Fact]
    public async Task A_relay_that_drops_each_connection_rests_before_it_has_made_hundreds_of_mails_ambiguous()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Final = SmtpScript.Drop });
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 50);

        await house.PumpAsync();

        Assert.Equal("ready: 42, unknown: 8", await house.StatesAsync());
        Assert.Contains("no answer came", house.Mw.Pump.Trouble, StringComparison.Ordinal);
    }

    private sealed class TemporaryKeys : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("mw-keys-").FullName;

        public string Make(string name)
        {
            var file = Path.Combine(_folder, $"{name}.pem");
            File.WriteAllText(file, DkimKey.Generate(ed25519: false));
            return file;
        }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
