using System.Text;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Mail;

public sealed class SmtpMailSenderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_relay_gets_exactly_the_composed_bytes_after_our_own_EHLO_name()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Senders.To(relay);
        var mail = Composed.Mail();

        await sender.SendAsync(mail, null, Ct);

        var got = Assert.Single(relay.Mails);
        Assert.Equal(Composed.Text(mail), Encoding.ASCII.GetString(got.Bytes));
        Assert.Equal("EHLO example.org", relay.Commands.First());
        Assert.Equal($"MAIL FROM:<bounce+k3f9@example.org> SIZE={mail.Size}", got.From);
        Assert.Equal(mail.Size, got.Bytes.Length);
        Assert.Equal("RCPT TO:<ada@example.net>", got.To);
    }

    [Fact]
    public async Task Bytes_that_look_like_dots_and_commands_arrive_as_they_are()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Senders.To(relay);
        var mail = Composed.Mail() with
        {
            Body =
            [
                "."u8.ToArray(),
                "\r\n"u8.ToArray(),
                "..\r\n.\r"u8.ToArray(),
                "\nQUIT\r\n"u8.ToArray(),
                ReadOnlyMemory<byte>.Empty,
                ".a\r\n"u8.ToArray(),
            ],
        };

        await sender.SendAsync(mail, null, Ct);

        Assert.Equal(Composed.Bytes(mail), Assert.Single(relay.Mails).Bytes);
    }

    [Fact]
    public async Task A_hundred_mails_go_through_one_connection_in_two_groups_each()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Senders.To(relay);

        for (var i = 0; i < 100; i++)
            Assert.Equal(SendOutcome.Accepted, (await sender.SendAsync(Composed.Mail($"r{i}@example.net"), null, Ct)).Outcome);

        Assert.Equal(1, relay.Connections);
        Assert.Equal(1 + (2 * 100), relay.Reads.Count);
        Assert.Equal(100, relay.Mails.Select(m => m.To).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_refused_recipient_does_not_cost_the_connection()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Rcpt = "550 unknown" });
        await using var sender = Senders.To(relay);

        await sender.SendAsync(Composed.Mail(), null, Ct);
        await sender.SendAsync(Composed.Mail(), null, Ct);

        Assert.Equal(1, relay.Connections);
        Assert.Equal(2, relay.Commands.Count(c => string.Equals(c, "RSET", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task After_an_idle_421_the_next_mail_goes_over_a_new_connection(bool pipelining, bool together)
    {
        string[] offers = pipelining ? ["PIPELINING"] : [];
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript
            {
                IdleCloseAfter = 1,
                Offers = offers,
                Together = together,
            },
            new SmtpScript()
        );
        await using var sender = Senders.To(relay);

        await sender.SendAsync(Composed.Mail(), null, Ct);
        await relay.FirstClosed.Task.WaitAsync(Ct);
        var second = await sender.SendAsync(Composed.Mail(), null, Ct);

        Assert.Equal(SendOutcome.Accepted, second.Outcome);
        Assert.Equal((2, 2), (relay.Connections, relay.Mails.Count));
    }

    [Fact]
    public async Task A_421_for_every_connection_is_not_tried_without_end()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { IdleCloseAfter = 1 }, new SmtpScript { Mail = "421 no" });
        await using var sender = Senders.To(relay);
        await sender.SendAsync(Composed.Mail(), null, Ct);

        var result = await sender.SendAsync(Composed.Mail(), null, Ct);

        Assert.Equal((SendOutcome.Temporary, 421), (result.Outcome, result.Code));
        Assert.Equal(2, relay.Connections);
    }

    [Fact]
    public async Task A_drop_after_the_dot_is_never_sent_again_over_a_new_connection()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Then = new() { Final = SmtpScript.Drop } }, new SmtpScript());
        await using var sender = Senders.To(relay);
        await sender.SendAsync(Composed.Mail(), null, Ct);

        var second = await sender.SendAsync(Composed.Mail(), null, Ct);

        Assert.Equal(SendOutcome.Ambiguous, second.Outcome);
        Assert.Equal((1, 2), (relay.Connections, relay.Mails.Count));
    }

    [Fact]
    public async Task A_drop_in_the_middle_of_a_long_content_is_temporary()
    {
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript { DropInContent = true, Offers = [] },
            new SmtpScript { Offers = [] }
        );
        await using var sender = Senders.To(relay);
        // more than any socket buffer takes
        var lines = string.Concat(Enumerable.Repeat(new string('x', 1_000) + "\r\n", 16_000));
        var mail = Composed.Mail() with { Body = [Encoding.ASCII.GetBytes(lines)] };

        var result = await sender.SendAsync(mail, null, Ct);
        var again = await sender.SendAsync(mail, null, Ct);

        Assert.Equal((SendOutcome.Temporary, SendOutcome.Accepted), (result.Outcome, again.Outcome));
    }

    [Fact]
    public async Task Cancelling_after_the_dot_waits_for_the_answer()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var relay = new ScriptedSmtpServer(new SmtpScript { BeforeFinal = answer.Task });
        await using var sender = Senders.To(relay);
        using var cancel = new CancellationTokenSource();

        var sending = sender.SendAsync(Composed.Mail(), null, cancel.Token);
        await relay.FirstDot.Task.WaitAsync(Ct);
        await cancel.CancelAsync();
        answer.SetResult();

        Assert.Equal(SendOutcome.Accepted, (await sending).Outcome);
    }

    [Fact]
    public async Task Cancelling_before_the_content_throws_and_sends_nothing()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Rcpt = SmtpScript.Hang }, new SmtpScript());
        await using var sender = Senders.To(relay);
        using var cancel = new CancellationTokenSource();

        var sending = sender.SendAsync(Composed.Mail(), null, cancel.Token);
        await relay.FirstRcpt.Task.WaitAsync(Ct);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Empty(relay.Mails);
        Assert.Equal(SendOutcome.Accepted, (await sender.SendAsync(Composed.Mail(), null, Ct)).Outcome);
    }

    [Fact]
    public async Task A_non_ASCII_local_part_needs_SMTPUTF8()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var capable = new ScriptedSmtpServer(new SmtpScript { Offers = ["8BITMIME", "SMTPUTF8"] });
        await using var sender = Senders.To(relay);
        await using var capableSender = Senders.To(capable);
        var mail = Composed.Mail("zoé@münchen.example");

        var refused = await sender.SendAsync(mail, null, Ct);
        var taken = await capableSender.SendAsync(mail, null, Ct);

        Assert.Equal(SendOutcome.Permanent, refused.Outcome);
        Assert.Contains("SMTPUTF8", refused.Reply, StringComparison.Ordinal);
        Assert.DoesNotContain(relay.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
        Assert.Equal(SendOutcome.Accepted, taken.Outcome);
        var got = Assert.Single(capable.Mails);
        Assert.Contains("SMTPUTF8", got.From, StringComparison.Ordinal);
        Assert.StartsWith("RCPT TO:<zoé@", got.To, StringComparison.Ordinal);
        Assert.Equal(Composed.Bytes(mail), got.Bytes);
    }

    [Theory]
    [InlineData("8BITMIME")]
    [InlineData("SMTPUTF8")]
    public async Task A_non_ASCII_domain_goes_out_in_its_ASCII_form_and_asks_for_no_SMTPUTF8(string offer)
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Offers = [offer] });
        await using var sender = Senders.To(relay);

        await sender.SendAsync(Composed.Mail("zoe@münchen.example"), null, Ct);

        var got = Assert.Single(relay.Mails);
        Assert.Equal("RCPT TO:<zoe@xn--mnchen-3ya.example>", got.To);
        Assert.DoesNotContain("SMTPUTF8", got.From, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_and_non_ASCII_addresses_take_turns_on_a_relay_with_SMTPUTF8()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Offers = ["8BITMIME", "SMTPUTF8"] });
        await using var sender = Senders.To(relay);

        foreach (var recipient in new[] { "ada@example.net", "zoé@example.net", "ada@example.net" })
            Assert.Equal(SendOutcome.Accepted, (await sender.SendAsync(Composed.Mail(recipient), null, Ct)).Outcome);

        Assert.Equal([false, true, false], relay.Mails.Select(m => m.From.Contains("SMTPUTF8", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a@b.example>\r\nRCPT TO:<c@d.example")]
    [InlineData("a@b.example, c@d.example")]
    [InlineData("")]
    [InlineData("a@")]
    public async Task An_address_that_is_not_one_address_never_reaches_the_relay(string recipient)
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Senders.To(relay);

        var result = await sender.SendAsync(Composed.Mail() with { Recipient = recipient }, null, Ct);

        Assert.Equal(SendOutcome.Permanent, result.Outcome);
        Assert.DoesNotContain(relay.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }
}
