using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Mail;

public sealed class SmtpMailSenderTests
{
    private static readonly SmtpTimeouts Short = new(
        TimeSpan.FromMilliseconds(400),
        TimeSpan.FromSeconds(5),
        TimeSpan.FromMilliseconds(400)
    );

    // generous wherever a test does not wait for a timeout
    private static readonly SmtpTimeouts Ample = new(
        TimeSpan.FromSeconds(30),
        TimeSpan.FromSeconds(60),
        TimeSpan.FromSeconds(30)
    );

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly (
        string Case,
        SmtpScript Script,
        SendOutcome Outcome,
        int? Code,
        string Says
    )[] Replies =
    [
        ("all well", new(), SendOutcome.Accepted, 250, "2.0.0 queued as 42"),
        ("slow in chunks", new() { Chunk = 1 }, SendOutcome.Accepted, 250, "queued"),
        (
            "no 8BITMIME, no PIPELINING, no SIZE",
            new() { Offers = [] },
            SendOutcome.Accepted,
            250,
            "queued"
        ),
        (
            "multi-line acceptance",
            new() { Final = "250-one\r\n250 two" },
            SendOutcome.Accepted,
            250,
            "one two"
        ),
        ("421 greeting", new() { Greeting = "421 busy" }, SendOutcome.RelayTrouble, 421, "busy"),
        (
            "554 greeting",
            new() { Greeting = "554 go away" },
            SendOutcome.RelayTrouble,
            554,
            "go away"
        ),
        (
            "drop at greeting",
            new() { Greeting = SmtpScript.Drop },
            SendOutcome.RelayTrouble,
            null,
            "disconnected"
        ),
        (
            "hang at greeting",
            new() { Greeting = SmtpScript.Hang },
            SendOutcome.RelayTrouble,
            null,
            "does not answer"
        ),
        (
            "not SMTP at all",
            new() { Greeting = "hello?" },
            SendOutcome.RelayTrouble,
            null,
            "127.0.0.1"
        ),
        ("421 at MAIL", new() { Mail = "421 later" }, SendOutcome.Temporary, 421, "later"),
        ("451 at MAIL", new() { Mail = "451 later" }, SendOutcome.Temporary, 451, "later"),
        ("550 at MAIL", new() { Mail = "550 not you" }, SendOutcome.RelayTrouble, 550, "not you"),
        ("553 at MAIL", new() { Mail = "553 not you" }, SendOutcome.RelayTrouble, 553, "not you"),
        ("552 at MAIL", new() { Mail = "552 too big" }, SendOutcome.Permanent, 552, "too big"),
        ("530 at MAIL", new() { Mail = "530 log in" }, SendOutcome.RelayTrouble, 530, "log in"),
        (
            "drop at MAIL",
            new() { Mail = SmtpScript.Drop },
            SendOutcome.Temporary,
            null,
            "before all of it was sent"
        ),
        (
            "hang at MAIL",
            new() { Mail = SmtpScript.Hang },
            SendOutcome.Temporary,
            null,
            "before all of it was sent"
        ),
        ("421 at RCPT", new() { Rcpt = "421 later" }, SendOutcome.Temporary, 421, "later"),
        (
            "450 at RCPT",
            new() { Rcpt = "450 greylisted" },
            SendOutcome.Temporary,
            450,
            "greylisted"
        ),
        (
            "552 at RCPT",
            new() { Rcpt = "552 mailbox full" },
            SendOutcome.Temporary,
            552,
            "mailbox full"
        ),
        (
            "550 at RCPT",
            new() { Rcpt = "550 5.1.1 unknown" },
            SendOutcome.Permanent,
            550,
            "5.1.1 unknown"
        ),
        ("554 at RCPT", new() { Rcpt = "554 no" }, SendOutcome.Permanent, 554, "no"),
        (
            "drop at RCPT",
            new() { Rcpt = SmtpScript.Drop },
            SendOutcome.Temporary,
            null,
            "before all of it was sent"
        ),
        ("451 at DATA", new() { Data = "451 later" }, SendOutcome.Temporary, 451, "later"),
        ("554 at DATA", new() { Data = "554 no" }, SendOutcome.Permanent, 554, "no"),
        (
            "drop at DATA",
            new() { Data = SmtpScript.Drop },
            SendOutcome.Temporary,
            null,
            "before all of it was sent"
        ),
        (
            "hang at DATA",
            new() { Data = SmtpScript.Hang },
            SendOutcome.Temporary,
            null,
            "before all of it was sent"
        ),
        (
            "421 after the dot",
            new() { Final = "421 shutting down" },
            SendOutcome.Temporary,
            421,
            "shutting down"
        ),
        (
            "452 after the dot",
            new() { Final = "452 disk full" },
            SendOutcome.Temporary,
            452,
            "disk full"
        ),
        ("554 after the dot", new() { Final = "554 spam" }, SendOutcome.Permanent, 554, "spam"),
        (
            "552 after the dot",
            new() { Final = "552 too big" },
            SendOutcome.Permanent,
            552,
            "too big"
        ),
        (
            "drop after the dot",
            new() { Final = SmtpScript.Drop },
            SendOutcome.Ambiguous,
            null,
            "no answer came"
        ),
        (
            "hang after the dot",
            new() { Final = SmtpScript.Hang },
            SendOutcome.Ambiguous,
            null,
            "no answer came"
        ),
        (
            "nonsense after the dot",
            new() { Final = "huh?" },
            SendOutcome.Ambiguous,
            null,
            "no answer came"
        ),
        ("small SIZE", new() { Offers = ["SIZE 500"] }, SendOutcome.Permanent, null, "takes 500"),
    ];

    public static TheoryData<string> Cases => [.. Replies.Select(r => r.Case)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_way_a_relay_answers_has_its_outcome(string name)
    {
        var (_, script, outcome, code, says) = Replies.Single(r =>
            string.Equals(r.Case, name, StringComparison.Ordinal)
        );
        await using var relay = new ScriptedSmtpServer(script);
        await using var sender = Sender(
            relay,
            name.StartsWith("hang", StringComparison.Ordinal) ? Short : Ample
        );

        var result = await sender.SendAsync(Composed.Mail(), Ct);

        Assert.Equal((outcome, code), (result.Outcome, result.Code));
        Assert.Contains(says, result.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_relay_gets_exactly_the_composed_bytes_after_our_own_EHLO_name()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Sender(relay);
        var mail = Composed.Mail();

        await sender.SendAsync(mail, Ct);

        var got = Assert.Single(relay.Mails);
        Assert.Equal(Composed.Text(mail), System.Text.Encoding.ASCII.GetString(got.Bytes));
        Assert.Equal("EHLO example.org", relay.Commands.First());
        Assert.Equal($"MAIL FROM:<bounce+k3f9@example.org> SIZE={mail.Size}", got.From);
        Assert.Equal(mail.Size, got.Bytes.Length);
        Assert.Equal("RCPT TO:<ada@example.net>", got.To);
    }

    [Fact]
    public async Task Bytes_that_look_like_dots_and_commands_arrive_as_they_are()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Sender(relay);
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

        await sender.SendAsync(mail, Ct);

        Assert.Equal(Composed.Bytes(mail), Assert.Single(relay.Mails).Bytes);
    }

    [Fact]
    public async Task A_hundred_mails_go_through_one_connection()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Sender(relay);

        for (var i = 0; i < 100; i++)
            Assert.Equal(
                SendOutcome.Accepted,
                (await sender.SendAsync(Composed.Mail($"r{i}@example.net"), Ct)).Outcome
            );

        Assert.Equal(1, relay.Connections);
        Assert.Equal(100, relay.Mails.Select(m => m.To).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_refused_recipient_does_not_cost_the_connection()
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Rcpt = "550 unknown" });
        await using var sender = Sender(relay);

        await sender.SendAsync(Composed.Mail(), Ct);
        await sender.SendAsync(Composed.Mail(), Ct);

        Assert.Equal(1, relay.Connections);
        Assert.Equal(
            2,
            relay.Commands.Count(c => string.Equals(c, "RSET", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_an_idle_421_the_next_mail_goes_over_a_new_connection(bool pipelining)
    {
        string[] offers = pipelining ? ["PIPELINING"] : [];
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript { IdleCloseAfter = 1, Offers = offers },
            new SmtpScript()
        );
        await using var sender = Sender(relay);

        await sender.SendAsync(Composed.Mail(), Ct);
        await relay.FirstClosed.Task.WaitAsync(Ct);
        var second = await sender.SendAsync(Composed.Mail(), Ct);

        Assert.Equal(SendOutcome.Accepted, second.Outcome);
        Assert.Equal((2, 2), (relay.Connections, relay.Mails.Count));
    }

    [Fact]
    public async Task A_421_for_every_connection_is_not_tried_without_end()
    {
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript { IdleCloseAfter = 1 },
            new SmtpScript { Mail = "421 no" }
        );
        await using var sender = Sender(relay);
        await sender.SendAsync(Composed.Mail(), Ct);

        var result = await sender.SendAsync(Composed.Mail(), Ct);

        Assert.Equal((SendOutcome.Temporary, 421), (result.Outcome, result.Code));
        Assert.Equal(2, relay.Connections);
    }

    [Fact]
    public async Task A_drop_after_the_dot_is_never_sent_again_over_a_new_connection()
    {
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript { LaterFinal = SmtpScript.Drop },
            new SmtpScript()
        );
        await using var sender = Sender(relay);
        await sender.SendAsync(Composed.Mail(), Ct);

        var second = await sender.SendAsync(Composed.Mail(), Ct);

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
        await using var sender = Sender(relay);
        // more than any socket buffer takes
        var lines = string.Concat(Enumerable.Repeat(new string('x', 1_000) + "\r\n", 16_000));
        var mail = Composed.Mail() with { Body = [System.Text.Encoding.ASCII.GetBytes(lines)] };

        var result = await sender.SendAsync(mail, Ct);
        var again = await sender.SendAsync(mail, Ct);

        Assert.Equal(
            (SendOutcome.Temporary, SendOutcome.Accepted),
            (result.Outcome, again.Outcome)
        );
    }

    [Fact]
    public async Task Cancelling_after_the_dot_waits_for_the_answer()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript { BeforeFinal = answer.Task }
        );
        await using var sender = Sender(relay);
        using var cancel = new CancellationTokenSource();

        var sending = sender.SendAsync(Composed.Mail(), cancel.Token);
        await relay.FirstDot.Task.WaitAsync(Ct);
        await cancel.CancelAsync();
        answer.SetResult();

        Assert.Equal(SendOutcome.Accepted, (await sending).Outcome);
    }

    [Fact]
    public async Task Cancelling_before_the_content_throws_and_sends_nothing()
    {
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript { Rcpt = SmtpScript.Hang },
            new SmtpScript()
        );
        await using var sender = Sender(relay);
        using var cancel = new CancellationTokenSource();

        var sending = sender.SendAsync(Composed.Mail(), cancel.Token);
        await relay.FirstRcpt.Task.WaitAsync(Ct);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Empty(relay.Mails);
        Assert.Equal(SendOutcome.Accepted, (await sender.SendAsync(Composed.Mail(), Ct)).Outcome);
    }

    [Fact]
    public async Task A_non_ASCII_local_part_needs_SMTPUTF8()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var capable = new ScriptedSmtpServer(
            new SmtpScript { Offers = ["8BITMIME", "SMTPUTF8"] }
        );
        await using var sender = Sender(relay);
        await using var capableSender = Sender(capable);
        var mail = Composed.Mail("zoé@münchen.example");

        var refused = await sender.SendAsync(mail, Ct);
        var taken = await capableSender.SendAsync(mail, Ct);

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
    public async Task A_non_ASCII_domain_goes_out_in_its_ASCII_form_and_asks_for_no_SMTPUTF8(
        string offer
    )
    {
        await using var relay = new ScriptedSmtpServer(new SmtpScript { Offers = [offer] });
        await using var sender = Sender(relay);

        await sender.SendAsync(Composed.Mail("zoe@münchen.example"), Ct);

        var got = Assert.Single(relay.Mails);
        Assert.Equal("RCPT TO:<zoe@xn--mnchen-3ya.example>", got.To);
        Assert.DoesNotContain("SMTPUTF8", got.From, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_and_non_ASCII_addresses_take_turns_on_a_relay_with_SMTPUTF8()
    {
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript { Offers = ["8BITMIME", "SMTPUTF8"] }
        );
        await using var sender = Sender(relay);

        foreach (var recipient in new[] { "ada@example.net", "zoé@example.net", "ada@example.net" })
            Assert.Equal(
                SendOutcome.Accepted,
                (await sender.SendAsync(Composed.Mail(recipient), Ct)).Outcome
            );

        Assert.Equal(
            [false, true, false],
            relay.Mails.Select(m => m.From.Contains("SMTPUTF8", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("a@b.example>\r\nRCPT TO:<c@d.example")]
    [InlineData("a@b.example, c@d.example")]
    [InlineData("")]
    [InlineData("a@")]
    public async Task An_address_that_is_not_one_address_never_reaches_the_relay(string recipient)
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Sender(relay);

        var result = await sender.SendAsync(Composed.Mail() with { Recipient = recipient }, Ct);

        Assert.Equal(SendOutcome.Permanent, result.Outcome);
        Assert.DoesNotContain(relay.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_login_is_the_relays_trouble_and_is_tried_afresh_next_time()
    {
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript { Offers = ["AUTH PLAIN"], Auth = "535 5.7.8 bad credentials" },
            new SmtpScript { Offers = ["AUTH PLAIN"] }
        );
        await using var sender = Sender(
            relay,
            options: o => (o.User, o.Password) = ("mw", "s3cret-canary")
        );

        var refused = await sender.SendAsync(Composed.Mail(), Ct);
        var taken = await sender.SendAsync(Composed.Mail(), Ct);

        Assert.Equal((SendOutcome.RelayTrouble, 535), (refused.Outcome, refused.Code));
        Assert.Contains("MW_Smtp__User", refused.Reply, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.Reply, StringComparison.Ordinal);
        Assert.Equal(SendOutcome.Accepted, taken.Outcome);
    }

    [Fact]
    public async Task A_missing_password_file_is_named()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Sender(
            relay,
            options: o => (o.User, o.PasswordFile) = ("mw", "/nowhere/secret")
        );

        var result = await sender.SendAsync(Composed.Mail(), Ct);

        Assert.Equal(SendOutcome.RelayTrouble, result.Outcome);
        Assert.Contains("/nowhere/secret", result.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Starttls_that_is_not_offered_sends_nothing_in_clear()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Sender(relay, options: o => o.Security = "starttls");

        var result = await sender.SendAsync(Composed.Mail(), Ct);

        Assert.Equal(SendOutcome.RelayTrouble, result.Outcome);
        Assert.Contains("STARTTLS", result.Reply, StringComparison.Ordinal);
        Assert.DoesNotContain(relay.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_self_signed_certificate_is_named_and_refused()
    {
        using var certificate = SelfSigned();
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript { Offers = ["STARTTLS"], Certificate = certificate }
        );
        await using var sender = Sender(relay, options: o => o.Security = "starttls");

        var result = await sender.SendAsync(Composed.Mail(), Ct);

        Assert.Equal(SendOutcome.RelayTrouble, result.Outcome);
        Assert.Contains("CN=relay.test", result.Reply, StringComparison.Ordinal);
        Assert.DoesNotContain(relay.Commands, c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_trusted_certificate_the_mail_goes_encrypted()
    {
        using var certificate = SelfSigned();
        await using var relay = new ScriptedSmtpServer(
            new SmtpScript { Offers = ["STARTTLS", "PIPELINING"], Certificate = certificate }
        );
        await using var sender = new SmtpMailSender(
            Options(relay.Port, o => o.Security = "starttls"),
            "example.org",
            Ample
        )
        {
            AlsoTrusts = shown =>
                string.Equals(shown?.Subject, "CN=relay.test", StringComparison.Ordinal),
        };
        var mail = Composed.Mail();

        var result = await sender.SendAsync(mail, Ct);

        Assert.Equal(SendOutcome.Accepted, result.Outcome);
        var got = Assert.Single(relay.Mails);
        Assert.True(got.Secure);
        Assert.Equal(Composed.Bytes(mail), got.Bytes);
    }

    [Fact]
    public async Task A_refused_connection_and_an_unknown_host_are_the_relays_trouble()
    {
        using var unused = new TcpListener(IPAddress.Loopback, 0);
        unused.Start();
        var port = ((IPEndPoint)unused.LocalEndpoint).Port;
        unused.Stop();
        await using var refused = new SmtpMailSender(Options(port), "example.org", Ample);
        await using var unknown = new SmtpMailSender(
            Options(25, o => o.Host = "relay.invalid"),
            "example.org",
            Ample
        );

        Assert.Equal(
            SendOutcome.RelayTrouble,
            (await refused.SendAsync(Composed.Mail(), Ct)).Outcome
        );
        var result = await unknown.SendAsync(Composed.Mail(), Ct);
        Assert.Equal(SendOutcome.RelayTrouble, result.Outcome);
        Assert.Contains("relay.invalid", result.Reply, StringComparison.Ordinal);
    }

    private static SmtpMailSender Sender(
        ScriptedSmtpServer relay,
        SmtpTimeouts? timeouts = null,
        Action<SmtpOptions>? options = null
    ) => new(Options(relay.Port, options), "example.org", timeouts ?? Ample);

    private static SmtpOptions Options(int port, Action<SmtpOptions>? change = null)
    {
        var options = new SmtpOptions
        {
            Host = "127.0.0.1",
            Port = port,
            Security = "none",
        };
        change?.Invoke(options);
        return options;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=relay.test",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return request.CreateSelfSigned(
            new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2120, 1, 1, 0, 0, 0, TimeSpan.Zero)
        );
    }
}
