using System.Text;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Mail;

public sealed class SmtpDialogueTests
{
    internal const string Ehlo = "EHLO example.org\r\n";
    internal const string Reset = "RSET\r\n";
    private const string Dot = ".\r\n";

    /// <summary>Stands for the first mail's content and its dot.</summary>
    internal const string Content = "(content)";

    internal static readonly string[] Pipelining = ["PIPELINING", "SIZE 1000000"];

    internal static readonly SmtpTimeouts Short = new(
        TimeSpan.FromMilliseconds(400),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMilliseconds(400)
    );

    internal static readonly (string Case, SmtpScript Script, SendOutcome Outcome, int? Code, string[] Sent)[] Dialogues =
    [
        ("all well", new(), SendOutcome.Accepted, 250, [Content]),
        ("all well, in one reading", new() { Together = true }, SendOutcome.Accepted, 250, [Content]),
        ("all well, octet by octet", new() { Chunk = 1 }, SendOutcome.Accepted, 250, [Content]),
        ("all well, in many lines", Lines(new()), SendOutcome.Accepted, 250, [Content]),
        ("all well, in many lines and octets", Lines(new() { Chunk = 1 }), SendOutcome.Accepted, 250, [Content]),
        (
            "all well, bare codes",
            new()
            {
                Mail = "250",
                Rcpt = "250",
                Data = "354",
            },
            SendOutcome.Accepted,
            250,
            [Content]
        ),
        ("CHUNKING and BINARYMIME", new() { Offers = [.. Pipelining, "CHUNKING", "BINARYMIME"] }, SendOutcome.Accepted, 250, [Content]),
        ("451 at DATA", new() { Data = "451 later" }, SendOutcome.Temporary, 451, [Reset]),
        ("554 at DATA, in one reading", new() { Data = "554 no", Together = true }, SendOutcome.Permanent, 554, [Reset]),
        ("421 at DATA", new() { Data = "421 bye" }, SendOutcome.Temporary, 421, [Ehlo]),
        ("drop at DATA", new() { Data = SmtpScript.Drop }, SendOutcome.Temporary, null, [Ehlo]),
        ("hang at DATA", new() { Data = SmtpScript.Hang }, SendOutcome.Temporary, null, [Ehlo]),
        ("nonsense at DATA", new() { Data = "huh?" }, SendOutcome.Temporary, null, [Ehlo]),
        ("354 and a second answer", new() { Data = "354 go on\r\n250 queued" }, SendOutcome.Temporary, null, [Ehlo]),
        ("RCPT refused", new() { Rcpt = "550 unknown" }, SendOutcome.Permanent, 550, [Reset]),
        ("RCPT refused, in one reading", new() { Rcpt = "550 no", Together = true }, SendOutcome.Permanent, 550, [Reset]),
        ("RCPT refused, octet by octet", new() { Rcpt = "550 no", Chunk = 1 }, SendOutcome.Permanent, 550, [Reset]),
        ("RCPT refused, in many lines", Lines(new() { Rcpt = "550-no\r\n550 no" }), SendOutcome.Permanent, 550, [Reset]),
        ("RCPT refused for now", new() { Rcpt = "450 greylisted" }, SendOutcome.Temporary, 450, [Reset]),
        ("RCPT refused, 354", Go(new() { Rcpt = "550 no" }), SendOutcome.Permanent, 550, [Dot, Reset]),
        ("RCPT refused, 354, in one reading", Go(new() { Rcpt = "550 no", Together = true }), SendOutcome.Permanent, 550, [Dot, Reset]),
        ("RCPT refused, 354, octet by octet", Go(new() { Rcpt = "550 no", Chunk = 1 }), SendOutcome.Permanent, 550, [Dot, Reset]),
        ("RCPT refused for now, 354", Go(new() { Rcpt = "450 no" }), SendOutcome.Temporary, 450, [Dot, Reset]),
        ("RCPT refused, 354, 250", Go(new() { Rcpt = "550 no", FinalToNobody = "250 ok" }), SendOutcome.Permanent, 550, [Dot, Reset]),
        (
            "RCPT refused, 354, drop",
            Go(new() { Rcpt = "550 no", FinalToNobody = SmtpScript.Drop }),
            SendOutcome.Permanent,
            550,
            [Dot, Ehlo]
        ),
        (
            "RCPT refused, 354, hang",
            Go(new() { Rcpt = "550 no", FinalToNobody = SmtpScript.Hang }),
            SendOutcome.Permanent,
            550,
            [Dot, Ehlo]
        ),
        ("RCPT refused, two answers", new() { Rcpt = "550 no", DataToNobody = "554 no\r\n250 ok" }, SendOutcome.Permanent, 550, [Ehlo]),
        ("RCPT refused, 250", new() { Rcpt = "550 no", DataToNobody = "250 ok" }, SendOutcome.Permanent, 550, [Reset]),
        ("RCPT refused, drop", new() { Rcpt = "550 no", DataToNobody = SmtpScript.Drop }, SendOutcome.Permanent, 550, [Ehlo]),
        ("RCPT refused, hang", new() { Rcpt = "550 no", DataToNobody = SmtpScript.Hang }, SendOutcome.Permanent, 550, [Ehlo]),
        ("RCPT refused, nonsense", new() { Rcpt = "550 no", DataToNobody = "huh?" }, SendOutcome.Permanent, 550, [Ehlo]),
        ("421 at RCPT", new() { Rcpt = "421 bye", DataToNobody = SmtpScript.Drop }, SendOutcome.Temporary, 421, [Ehlo]),
        ("drop at RCPT", new() { Rcpt = SmtpScript.Drop }, SendOutcome.Temporary, null, [Ehlo]),
        ("hang at RCPT", new() { Rcpt = SmtpScript.Hang }, SendOutcome.Temporary, null, [Ehlo]),
        (
            "MAIL refused",
            new()
            {
                Mail = "550 no",
                Rcpt = "503 no",
                DataToNobody = "503 no",
            },
            SendOutcome.RelayTrouble,
            550,
            [Reset]
        ),
        ("MAIL refused, 354", Go(new() { Mail = "451 no", Rcpt = "503 no" }), SendOutcome.Temporary, 451, [Ehlo]),
        ("MAIL refused, RCPT taken", new() { Mail = "451 no" }, SendOutcome.Temporary, 451, [Reset]),
        ("MAIL refused, RCPT taken, 354", Go(new() { Mail = "451 no" }), SendOutcome.Temporary, 451, [Ehlo]),
        ("MAIL refused, RCPT nonsense", new() { Mail = "451 no", Rcpt = "huh?" }, SendOutcome.Temporary, 451, [Ehlo]),
        ("MAIL refused, RCPT in two minds", new() { Mail = "451 no", Rcpt = "550-no\r\n250 ok" }, SendOutcome.Temporary, 451, [Ehlo]),
        ("MAIL refused, drop", new() { Mail = "451 no", Rcpt = SmtpScript.Drop }, SendOutcome.Temporary, 451, [Ehlo]),
        ("421 at MAIL", new() { Mail = "421 bye", Rcpt = SmtpScript.Drop }, SendOutcome.Temporary, 421, [Ehlo]),
        ("drop at MAIL", new() { Mail = SmtpScript.Drop }, SendOutcome.Temporary, null, [Ehlo]),
        ("refused after the dot", new() { Final = "554 spam" }, SendOutcome.Permanent, 554, [Content, Reset]),
        ("drop after the dot", new() { Final = SmtpScript.Drop }, SendOutcome.Ambiguous, null, [Content, Ehlo]),
        ("hang after the dot", new() { Final = SmtpScript.Hang }, SendOutcome.Ambiguous, null, [Content, Ehlo]),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Cases => [.. Dialogues.Select(d => d.Case)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Whatever_a_relay_answers_nothing_else_is_said_and_the_next_mail_arrives_whole(string name)
    {
        var (_, script, outcome, code, sent) = Dialogues.Single(d => string.Equals(d.Case, name, StringComparison.Ordinal));
        await using var relay = new ScriptedSmtpServer(script with { Then = new() }, new());
        await using var sender = Senders.To(relay, name.Contains("hang", StringComparison.Ordinal) ? Short : Senders.Ample);
        var (mail, next) = (Composed.Mail(), Composed.Mail("grace@example.net"));

        var result = await sender.SendAsync(mail, null, Ct);
        var after = await sender.SendAsync(next, null, Ct);

        Assert.Equal((outcome, code), (result.Outcome, result.Code));
        Assert.Equal(SendOutcome.Accepted, after.Outcome);
        string[] expected = [Ehlo, Group(mail), .. sent, Group(next), OnTheWire(next)];
        Assert.Equal(expected.Select(s => string.Equals(s, Content, StringComparison.Ordinal) ? OnTheWire(mail) : s), relay.Reads);
        Assert.Equal(Composed.Bytes(next), relay.Mails.Last().Bytes);
    }

    [Fact]
    public async Task Without_PIPELINING_each_command_waits_for_its_answer()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Offers = ["SIZE 1000000"] });
        await using var sender = Senders.To(relay);
        var mail = Composed.Mail();

        await sender.SendAsync(mail, null, Ct);

        var commands = Group(mail).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(c => c + "\r\n");
        Assert.Equal([Ehlo, .. commands, OnTheWire(mail)], relay.Reads);
    }

    [Fact]
    public async Task Under_TLS_the_same_groups_leave()
    {
        using var certificate = SmtpConnectionTests.SelfSigned();
        await using var relay = new ScriptedSmtpServer(
            Go(new() { Rcpt = "550 no" }) with
            {
                Offers = ["STARTTLS", .. Pipelining],
                Certificate = certificate,
                Then = new(),
            }
        );
        await using var sender = new SmtpMailSender(Senders.Options(relay.Port, o => o.Security = "starttls"), "example.org", Senders.Ample)
        {
            AlsoTrusts = shown => string.Equals(shown?.Subject, "CN=relay.test", StringComparison.Ordinal),
        };
        var mail = Composed.Mail();

        var refused = await sender.SendAsync(mail, null, Ct);
        var taken = await sender.SendAsync(mail, null, Ct);

        Assert.Equal((SendOutcome.Permanent, SendOutcome.Accepted), (refused.Outcome, taken.Outcome));
        Assert.Equal([Ehlo, "STARTTLS\r\n", Ehlo, Group(mail), Dot, Reset, Group(mail), OnTheWire(mail)], relay.Reads);
    }

    [Fact]
    public async Task A_354_that_comes_late_after_a_refused_recipient_is_waited_for()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var relay = new ScriptedSmtpServer(
            Go(
                new()
                {
                    Rcpt = "550 no",
                    BeforeData = answer.Task,
                    Then = new(),
                }
            )
        );
        await using var sender = Senders.To(relay);
        var mail = Composed.Mail();

        var sending = sender.SendAsync(mail, null, Ct);
        await relay.FirstRcpt.Task.WaitAsync(Ct);
        answer.SetResult();

        Assert.Equal(550, (await sending).Code);
        Assert.Equal(SendOutcome.Accepted, (await sender.SendAsync(mail, null, Ct)).Outcome);
        Assert.Equal([Ehlo, Group(mail), Dot, Reset, Group(mail), OnTheWire(mail)], relay.Reads);
    }

    [Fact]
    public async Task Cancelling_while_DATA_is_unanswered_sends_no_content_and_no_dot()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Data = SmtpScript.Hang }, new());
        await using var sender = Senders.To(relay);
        using var cancel = new CancellationTokenSource();
        var mail = Composed.Mail();

        var sending = sender.SendAsync(mail, null, cancel.Token);
        await relay.FirstRcpt.Task.WaitAsync(Ct);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Equal(SendOutcome.Accepted, (await sender.SendAsync(mail, null, Ct)).Outcome);
        Assert.Equal([Ehlo, Group(mail), Ehlo, Group(mail), OnTheWire(mail)], relay.Reads);
    }

    [Fact]
    public async Task Content_that_reads_like_a_group_of_commands_stays_content()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Senders.To(relay);
        var mail = Composed.Mail();
        // the second block of 4 kB is MAIL and RCPT and nothing else
        var first = new string('x', 4096 - mail.Headers.Length - 4) + "\r\n";
        var second = "MAIL FROM:<a@b.example>\r\nRCPT TO:<" + new string('c', 4096 - 37) + ">\r\n";
        mail = mail with { Body = [Encoding.ASCII.GetBytes(first), Encoding.ASCII.GetBytes(second), "DATA\r\n"u8.ToArray()] };

        await sender.SendAsync(mail, null, Ct);

        Assert.Equal(4096, second.Length);
        Assert.Equal(Composed.Text(mail), Encoding.ASCII.GetString(Assert.Single(relay.Mails).Bytes));
    }

    [Fact]
    public async Task Refusals_of_every_kind_among_many_mails_never_put_the_dialogue_out_of_step()
    {
        SmtpScript[] kinds = [.. Dialogues.Where(d => !d.Sent.Contains(Ehlo)).Select(d => d.Script)];
        var random = new Random(20261128);
        var scripts = Enumerable.Range(0, 500).Select(_ => kinds[random.Next(kinds.Length)]).ToList();
        await using var relay = new ScriptedSmtpServer(scripts.AsEnumerable().Reverse().Aggregate((then, s) => s with { Then = then }));
        await using var sender = Senders.To(relay);

        var taken = new List<string>();
        for (var i = 0; i < scripts.Count; i++)
        {
            var result = await sender.SendAsync(Composed.Mail($"r{i}@example.net", $"To number {i}.\n"), null, Ct);
            var expected = Dialogues.First(d => ReferenceEquals(d.Script, scripts[i]));
            Assert.Equal((expected.Outcome, expected.Code), (result.Outcome, result.Code));
            if (expected.Sent.Contains(Content))
                taken.Add($"RCPT TO:<r{i}@example.net>");
        }

        Assert.Equal(1, relay.Connections);
        var contents = relay.Mails.Where(m => m.Bytes.Length > 0).ToList();
        Assert.Equal(taken, contents.Select(m => m.To));
        Assert.All(
            contents,
            m => Assert.Contains($"To number {m.To.Split('<', '@')[1][1..]}.", Encoding.ASCII.GetString(m.Bytes), StringComparison.Ordinal)
        );
    }

    internal static string Group(ComposedMail mail) =>
        $"MAIL FROM:<{mail.EnvelopeFrom}> SIZE={mail.Size}\r\nRCPT TO:<{mail.Recipient}>\r\nDATA\r\n";

    internal static string OnTheWire(ComposedMail mail) => Composed.Text(mail).Replace("\n.", "\n..", StringComparison.Ordinal) + Dot;

    /// <summary>Says 354 although nobody is to get the mail.</summary>
    private static SmtpScript Go(SmtpScript script) => script with { DataToNobody = "354 go on" };

    private static SmtpScript Lines(SmtpScript script) =>
        script with
        {
            Mail = "250-2.1.0 one\r\n250-\r\n250 three",
            Rcpt = script.Rcpt.StartsWith('2') ? "250-2.1.5 one\r\n250 two" : script.Rcpt,
            Data = "354-go\r\n354 on",
            DataToNobody = "554-to\r\n554 nobody",
        };
}
