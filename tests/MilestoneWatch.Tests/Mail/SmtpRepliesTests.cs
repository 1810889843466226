using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Mail;

public sealed class SmtpRepliesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly SmtpTimeouts Short = new(
        TimeSpan.FromMilliseconds(400),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMilliseconds(400)
    );

    private static readonly (string Case, SmtpScript Script, SendOutcome Outcome, int? Code, string Says)[] Replies =
    [
        ("all well", new(), SendOutcome.Accepted, 250, "2.0.0 queued as 42"),
        ("slow in chunks", new() { Chunk = 1 }, SendOutcome.Accepted, 250, "queued"),
        ("no 8BITMIME, no PIPELINING, no SIZE", new() { Offers = [] }, SendOutcome.Accepted, 250, "queued"),
        ("multi-line acceptance", new() { Final = "250-one\r\n250 two" }, SendOutcome.Accepted, 250, "one two"),
        (
            "a reply that would break a statement or a terminal",
            new() { Final = "250 a\0b \x1b[31mc" },
            SendOutcome.Accepted,
            250,
            "a b [31mc"
        ),
        ("421 greeting", new() { Greeting = "421 busy" }, SendOutcome.RelayTrouble, 421, "busy"),
        ("554 greeting", new() { Greeting = "554 go away" }, SendOutcome.RelayTrouble, 554, "go away"),
        ("drop at greeting", new() { Greeting = SmtpScript.Drop }, SendOutcome.RelayTrouble, null, "disconnected"),
        ("hang at greeting", new() { Greeting = SmtpScript.Hang }, SendOutcome.RelayTrouble, null, "does not answer"),
        ("not SMTP at all", new() { Greeting = "hello?" }, SendOutcome.RelayTrouble, null, "127.0.0.1"),
        ("421 at MAIL", new() { Mail = "421 later" }, SendOutcome.Temporary, 421, "later"),
        ("451 at MAIL", new() { Mail = "451 later" }, SendOutcome.Temporary, 451, "later"),
        ("550 at MAIL", new() { Mail = "550 not you" }, SendOutcome.RelayTrouble, 550, "not you"),
        ("553 at MAIL", new() { Mail = "553 not you" }, SendOutcome.RelayTrouble, 553, "not you"),
        ("552 at MAIL", new() { Mail = "552 too big" }, SendOutcome.Permanent, 552, "too big"),
        ("530 at MAIL", new() { Mail = "530 log in" }, SendOutcome.RelayTrouble, 530, "log in"),
        ("drop at MAIL", new() { Mail = SmtpScript.Drop }, SendOutcome.Temporary, null, "before all of it was sent"),
        ("hang at MAIL", new() { Mail = SmtpScript.Hang }, SendOutcome.Temporary, null, "before all of it was sent"),
        ("421 at RCPT", new() { Rcpt = "421 later" }, SendOutcome.Temporary, 421, "later"),
        ("450 at RCPT", new() { Rcpt = "450 greylisted" }, SendOutcome.Temporary, 450, "greylisted"),
        ("552 at RCPT", new() { Rcpt = "552 mailbox full" }, SendOutcome.Temporary, 552, "mailbox full"),
        ("550 at RCPT", new() { Rcpt = "550 5.1.1 unknown" }, SendOutcome.Permanent, 550, "5.1.1 unknown"),
        ("554 at RCPT", new() { Rcpt = "554 no" }, SendOutcome.Permanent, 554, "no"),
        ("drop at RCPT", new() { Rcpt = SmtpScript.Drop }, SendOutcome.Temporary, null, "before all of it was sent"),
        ("451 at DATA", new() { Data = "451 later" }, SendOutcome.Temporary, 451, "later"),
        ("554 at DATA", new() { Data = "554 no" }, SendOutcome.Permanent, 554, "no"),
        ("drop at DATA", new() { Data = SmtpScript.Drop }, SendOutcome.Temporary, null, "before all of it was sent"),
        ("hang at DATA", new() { Data = SmtpScript.Hang }, SendOutcome.Temporary, null, "before all of it was sent"),
        ("421 after the dot", new() { Final = "421 shutting down" }, SendOutcome.Temporary, 421, "shutting down"),
        ("452 after the dot", new() { Final = "452 disk full" }, SendOutcome.Temporary, 452, "disk full"),
        ("554 after the dot", new() { Final = "554 spam" }, SendOutcome.Permanent, 554, "spam"),
        ("552 after the dot", new() { Final = "552 too big" }, SendOutcome.Permanent, 552, "too big"),
        ("drop after the dot", new() { Final = SmtpScript.Drop }, SendOutcome.Ambiguous, null, "no answer came"),
        ("hang after the dot", new() { Final = SmtpScript.Hang }, SendOutcome.Ambiguous, null, "no answer came"),
        ("nonsense after the dot", new() { Final = "huh?" }, SendOutcome.Ambiguous, null, "no answer came"),
        ("small SIZE", new() { Offers = ["SIZE 500"] }, SendOutcome.Permanent, null, "takes 500"),
    ];

    public static TheoryData<string> Cases => [.. Replies.Select(r => r.Case)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_way_a_relay_answers_has_its_outcome(string name)
    {
        var (_, script, outcome, code, says) = Replies.Single(r => string.Equals(r.Case, name, StringComparison.Ordinal));
        await using var relay = new ScriptedSmtpServer(script);
        await using var sender = Senders.To(relay, name.StartsWith("hang", StringComparison.Ordinal) ? Short : Senders.Ample);

        var result = await sender.SendAsync(Composed.Mail(), null, Ct);

        Assert.Equal((outcome, code), (result.Outcome, result.Code));
        Assert.Contains(says, result.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_reply_is_not_cut_within_a_letter()
    {
        var result = new SendResult(SendOutcome.Accepted, 250, new string('x', 499) + "\U0001F4EE and more");

        Assert.Equal(new string('x', 499), result.Reply);
    }

    [Fact]
    public async Task A_reply_without_end_is_no_reply()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Rcpt = "250-" + new string('x', 40_000) }, new SmtpScript());
        await using var sender = Senders.To(relay);

        var result = await sender.SendAsync(Composed.Mail(), null, Ct);

        Assert.Equal((SendOutcome.Temporary, (int?)null), (result.Outcome, result.Code));
        Assert.Contains("no SMTP reply", result.Reply, StringComparison.Ordinal);
    }
}
