using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Mail;

/// <summary>The next mail's envelope goes with the content of the last, and nothing of its content before its turn.</summary>
public sealed class AskedAheadTests
{
    private static readonly (ComposedMail First, ComposedMail Second, ComposedMail Third) Mails = (
        Composed.Mail("first@example.net"),
        Composed.Mail("second@example.net"),
        Composed.Mail("third@example.net")
    );

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Cases => [.. SmtpDialogueTests.Dialogues.Select(d => d.Case)];

    [Theory]
    [InlineData(int.MaxValue / 2, false)]
    [InlineData(int.MaxValue / 2, true)]
    [InlineData(1, false)]
    public async Task A_mail_takes_one_round_trip(int chunk, bool together)
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Chunk = chunk, Together = together });
        await using var sender = Senders.To(relay);

        await SendAllAsync(sender);

        Assert.Equal(
            [
                SmtpDialogueTests.Ehlo,
                SmtpDialogueTests.Group(Mails.First),
                SmtpDialogueTests.OnTheWire(Mails.First) + SmtpDialogueTests.Group(Mails.Second),
                SmtpDialogueTests.OnTheWire(Mails.Second) + SmtpDialogueTests.Group(Mails.Third),
                SmtpDialogueTests.OnTheWire(Mails.Third),
            ],
            relay.Reads
        );
        AssertTaken(relay, Mails.First, Mails.Second, Mails.Third);
    }

    [Fact]
    public async Task Without_PIPELINING_nothing_is_asked_ahead()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Offers = [] });
        await using var sender = Senders.To(relay);

        await SendAllAsync(sender);

        Assert.Equal(1 + (3 * 4), relay.Reads.Count);
        AssertTaken(relay, Mails.First, Mails.Second, Mails.Third);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Whatever_a_relay_answers_to_what_was_asked_ahead_has_the_outcome_it_has_alone(string name)
    {
        var (_, script, outcome, code, sent) = SmtpDialogueTests.Dialogues.Single(d =>
            string.Equals(d.Case, name, StringComparison.Ordinal)
        );
        var hangs = name.Contains("hang", StringComparison.Ordinal);
        // one that lost the connection, or will not be asked like this, is asked once more, as after any pause
        var again =
            !sent.Contains(SmtpDialogueTests.Content)
            && (outcome, code) is (SendOutcome.Temporary, null or 421) or (SendOutcome.RelayTrouble, _);
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript { Offers = script.Offers, Then = script with { Then = new() } },
            new SmtpScript()
        );
        await using var sender = Senders.To(relay, hangs ? SmtpDialogueTests.Short : Senders.Ample);

        var first = await sender.SendAsync(Mails.First, Mails.Second, Ct);
        var second = await sender.SendAsync(Mails.Second, Mails.Third, Ct);
        var third = await sender.SendAsync(Mails.Third, null, Ct);

        Assert.Equal((SendOutcome.Accepted, SendOutcome.Accepted), (first.Outcome, third.Outcome));
        Assert.Equal(again ? (SendOutcome.Accepted, 250) : (outcome, code), (second.Outcome, second.Code));
        var whole = relay.Mails.Where(mail => mail.Bytes.Length > 0).ToList();
        Assert.All(whole, mail => Assert.Contains(mail.To.Split('<', '@')[1], "first second third", StringComparison.Ordinal));
        Assert.Equal(whole.Count, whole.Select(mail => mail.To).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Composed.Bytes(Mails.First), whole[0].Bytes);
        Assert.Equal(Composed.Bytes(Mails.Third), whole[^1].Bytes);
    }

    [Fact]
    public async Task What_was_asked_ahead_and_is_not_to_be_sent_never_arrives()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Senders.To(relay);

        await sender.SendAsync(Mails.First, Mails.Second, Ct);
        await sender.SendAsync(Mails.Third, null, Ct);

        AssertTaken(relay, Mails.First, Mails.Third);
        Assert.Equal(2, relay.Connections);
    }

    [Fact]
    public async Task A_sender_that_ends_says_nothing_into_what_was_asked_ahead()
    {
        await using var relay = new ScriptedSmtpServer();
        await using (var sender = Senders.To(relay))
        {
            await sender.SendAsync(Mails.First, Mails.Second, Ct);
        }
        await relay.FirstClosed.Task.WaitAsync(Ct);

        AssertTaken(relay, Mails.First);
        Assert.DoesNotContain(relay.Reads, read => read.Contains("QUIT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cancelling_before_its_turn_sends_nothing_of_it()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Senders.To(relay);
        using var cancel = new CancellationTokenSource();

        await sender.SendAsync(Mails.First, Mails.Second, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sender.SendAsync(Mails.Second, null, cancel.Token));
        AssertTaken(relay, Mails.First);
        Assert.Equal(SendOutcome.Accepted, (await sender.SendAsync(Mails.Second, null, Ct)).Outcome);
        AssertTaken(relay, Mails.First, Mails.Second);
    }

    [Fact]
    public async Task A_content_that_is_refused_does_not_cost_what_was_asked_with_it()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Final = "554 spam", Then = new() });
        await using var sender = Senders.To(relay);

        var results = await SendAllAsync(sender);

        Assert.Equal([SendOutcome.Permanent, SendOutcome.Accepted, SendOutcome.Accepted], results.Select(result => result.Outcome));
        Assert.Equal(1, relay.Connections);
    }

    [Fact]
    public async Task A_relay_that_wants_nothing_behind_a_content_is_asked_one_by_one_from_then_on()
    {
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript
            {
                Then = new()
                {
                    Mail = "554 5.5.0 synchronization error",
                    Rcpt = "503 5.5.1 no",
                    DataToNobody = "503 5.5.1 no",
                    Then = new(),
                },
            }
        );
        await using var sender = Senders.To(relay);

        var results = await SendAllAsync(sender);

        Assert.All(results, result => Assert.Equal(SendOutcome.Accepted, result.Outcome));
        AssertTaken(relay, Mails.First, Mails.Second, Mails.Third);
        Assert.Equal(
            [
                SmtpDialogueTests.Reset,
                SmtpDialogueTests.Group(Mails.Second),
                SmtpDialogueTests.OnTheWire(Mails.Second),
                SmtpDialogueTests.Group(Mails.Third),
                SmtpDialogueTests.OnTheWire(Mails.Third),
            ],
            relay.Reads.TakeLast(5)
        );
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_relay_that_goes_silent_is_asked_one_by_one_from_then_on(bool tls, bool afterTheDot)
    {
        using var certificate = SmtpConnectionTests.SelfSigned();
        string[] offers = [.. SmtpDialogueTests.Pipelining, .. tls ? ["STARTTLS"] : Array.Empty<string>()];
        var well = new SmtpScript { Offers = offers, Certificate = certificate };
        await using var relay = new ScriptedSmtpServer(
            afterTheDot ? well with { Final = SmtpScript.Hang } : well with { Then = well with { Mail = SmtpScript.Hang } },
            well
        );
        var options = Senders.Options(relay.Port, o => o.Security = tls ? "starttls" : "none");
        await using var sender = new SmtpMailSender(options, "example.org", SmtpDialogueTests.Short) { AlsoTrusts = _ => true };

        var results = await SendAllAsync(sender);

        Assert.Equal(
            [afterTheDot ? SendOutcome.Ambiguous : SendOutcome.Accepted, SendOutcome.Accepted, SendOutcome.Accepted],
            results.Select(result => result.Outcome)
        );
        Assert.Equal(
            [
                SmtpDialogueTests.Group(Mails.Second),
                SmtpDialogueTests.OnTheWire(Mails.Second),
                SmtpDialogueTests.Group(Mails.Third),
                SmtpDialogueTests.OnTheWire(Mails.Third),
            ],
            relay.Reads.TakeLast(4)
        );
    }

    [Fact]
    public async Task A_mail_that_is_too_large_says_nothing_of_asking_ahead()
    {
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript
            {
                Then = new()
                {
                    Mail = "552 too big",
                    Rcpt = "503 no",
                    DataToNobody = "503 no",
                    Then = new(),
                },
            }
        );
        await using var sender = Senders.To(relay);

        var results = await SendAllAsync(sender);
        await sender.SendAsync(Mails.First, Mails.Second, Ct);

        Assert.Equal([SendOutcome.Accepted, SendOutcome.Permanent, SendOutcome.Accepted], results.Select(result => result.Outcome));
        Assert.EndsWith(SmtpDialogueTests.Group(Mails.Second), relay.Reads.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relay_that_hangs_up_while_it_waits_for_the_content_is_noticed_before_that_leaves()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Then = new() { DropInContent = true } }, new SmtpScript());
        await using var sender = Senders.To(relay);

        await sender.SendAsync(Mails.First, Mails.Second, Ct);
        await relay.FirstClosed.Task.WaitAsync(Ct);
        var second = await sender.SendAsync(Mails.Second, null, Ct);

        Assert.Equal(SendOutcome.Accepted, second.Outcome);
        AssertTaken(relay, Mails.First, Mails.Second);
    }

    [Fact]
    public async Task A_relay_that_hangs_up_after_each_mail_gets_each_over_a_new_connection()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { IdleCloseAfter = 1 });
        await using var sender = Senders.To(relay);

        var results = await SendAllAsync(sender);

        Assert.All(results, result => Assert.Equal(SendOutcome.Accepted, result.Outcome));
        AssertTaken(relay, Mails.First, Mails.Second, Mails.Third);
        Assert.Equal(3, relay.Connections);
    }

    [Fact]
    public async Task What_can_be_refused_without_the_relay_is_not_asked_ahead()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Senders.To(relay);
        var mail = Composed.Mail("zoé@example.net");

        await sender.SendAsync(Mails.First, mail, Ct);
        var refused = await sender.SendAsync(mail, Mails.Second, Ct);
        await sender.SendAsync(Mails.Second, null, Ct);

        Assert.Equal(SendOutcome.Permanent, refused.Outcome);
        AssertTaken(relay, Mails.First, Mails.Second);
        Assert.Equal(1, relay.Connections);
    }

    private static async Task<IReadOnlyList<SendResult>> SendAllAsync(SmtpMailSender sender) =>
        [
            await sender.SendAsync(Mails.First, Mails.Second, Ct),
            await sender.SendAsync(Mails.Second, Mails.Third, Ct),
            await sender.SendAsync(Mails.Third, null, Ct),
        ];

    private static void AssertTaken(ScriptedSmtpServer relay, params ComposedMail[] mails)
    {
        Assert.Equal(mails.Select(mail => $"RCPT TO:<{mail.Recipient}>"), relay.Mails.Select(mail => mail.To));
        Assert.Equal(mails.Select(Composed.Bytes), relay.Mails.Select(mail => mail.Bytes));
    }
}
