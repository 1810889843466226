using System.Text;
using MilestoneWatch.Mail;
using MimeKit;
using NodaTime;

namespace MilestoneWatch.Tests.Mail;

public sealed class DkimSigningTests
{
    private static readonly Instant At = Instant.FromUtc(2026, 10, 5, 6, 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signed_mail_is_accepted_as_the_relay_got_it()
    {
        using var keys = new DkimKeys();
        await using var relay = new ScriptedSmtpServer();
        await using var sender = Senders.To(relay);
        var signing = DkimKeys.Signing(keys.Rsa(), keys.Edwards());

        foreach (var mail in Shapes())
            Assert.Equal(SendOutcome.Accepted, (await sender.SendAsync(Signed(mail, signing), null, Ct)).Outcome);

        var verdicts = await keys.Judges.JudgeAsync([.. relay.Mails.Select(mail => mail.Bytes)]);
        Assert.Equal(Shapes().Count(), verdicts.Count);
        Assert.All(verdicts, verdict => Assert.Equal(["pass", "pass"], verdict));
    }

    [Fact]
    public async Task A_key_may_be_PKCS1_or_PKCS8_or_Ed25519_alone()
    {
        using var keys = new DkimKeys();
        DkimKeyOptions[] each = [keys.Rsa("one", pkcs1: true), keys.Rsa("two"), keys.Edwards("three")];

        var verdicts = await keys.Judges.JudgeAsync([
            .. each.Select(key => Composed.Bytes(Signed(Composed.Mail(), DkimKeys.Signing(key)))),
        ]);

        Assert.All(verdicts, verdict => Assert.Equal(["pass"], verdict));
    }

    [Fact]
    public async Task Whatever_is_changed_on_the_way_is_refused()
    {
        using var keys = new DkimKeys();
        var signed = Composed.Text(Signed(Composed.Mail(), DkimKeys.Signing(keys.Rsa(), keys.Edwards())));
        (string From, string To)[] changes =
        [
            ("Nouvelle de", "nouvelle de"),
            ("Subject: Les Ulis", "Subject: Les Olis"),
            ("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", ""),
            ("List-Unsubscribe: <https://example.org/", "List-Unsubscribe: <https://example.com/"),
            ("To: ada@", "To: bob@"),
            ("multipart/alternative;", "multipart/mixed;"),
            // a second sender above the first, which some readers' programs would show
            ("From: MilestoneWatch", "From: Somebody <else@example.com>\r\nFrom: MilestoneWatch"),
        ];

        var changed = changes.Select(change => signed.Replace(change.From, change.To, StringComparison.Ordinal)).ToList();

        Assert.All(changed, mail => Assert.NotEqual(signed, mail));
        Assert.All(
            await keys.Judges.JudgeAsync([.. changed.Select(Encoding.ASCII.GetBytes)]),
            verdict => Assert.All(verdict, one => Assert.NotEqual("pass", one))
        );
    }

    [Fact]
    public async Task A_signature_covers_what_leaves_the_list_and_says_when_and_for_whom()
    {
        using var keys = new DkimKeys();
        var mail = Signed(Composed.Mail(), DkimKeys.Signing(keys.Rsa(), keys.Edwards()));

        var lines = Encoding.ASCII.GetString(mail.Headers.Span).Split("\r\n");
        var signature = (await MimeMessage.LoadAsync(new MemoryStream(Composed.Bytes(mail)), Ct)).Headers[0].Value;

        Assert.All(lines, line => Assert.InRange(line.Length, 0, 78));
        Assert.Contains("c=relaxed/simple; d=example.org; s=rsa1; t=1791180060;", signature, StringComparison.Ordinal);
        Assert.Contains(
            "h=from:from:to:subject:date:message-id:list-id:list-unsubscribe:list-unsubscribe-post:auto-submitted:mime-version:content-type;",
            string.Concat(signature.Where(letter => !char.IsWhiteSpace(letter))),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("l=", signature.Split("h=")[0], StringComparison.Ordinal);
        Assert.DoesNotContain("\n\n", Composed.Text(mail), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_key_is_replaced_mails_signed_before_still_pass()
    {
        using var keys = new DkimKeys();
        var (first, second) = (keys.Rsa("first"), keys.Rsa("second"));
        var before = Signed(Composed.Mail(), DkimKeys.Signing(first));
        var after = Signed(Composed.Mail(), DkimKeys.Signing(second));

        Assert.Equal(
            [
                ["pass"],
                ["pass"],
            ],
            await keys.Judges.JudgeAsync(Composed.Bytes(before), Composed.Bytes(after))
        );
        Assert.Contains("s=second;", Composed.Text(after), StringComparison.Ordinal);

        // and the guard: a signature is judged by its own key, not by whichever is there
        (keys.Published["first._domainkey.example.org"], keys.Published["second._domainkey.example.org"]) = (
            keys.Published["second._domainkey.example.org"],
            keys.Published["first._domainkey.example.org"]
        );
        Assert.All(
            await keys.Judges.JudgeAsync(Composed.Bytes(before), Composed.Bytes(after)),
            verdict => Assert.NotEqual("pass", Assert.Single(verdict))
        );
    }

    [Fact]
    public async Task Many_threads_sign_at_once()
    {
        using var keys = new DkimKeys();
        var signing = DkimKeys.Signing(keys.Rsa(), keys.Edwards());
        var mails = Enumerable.Range(0, 64).Select(n => Composed.Mail($"r{n}@example.net")).ToList();
        var signed = new byte[mails.Count][];

        Parallel.For(
            0,
            mails.Count,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            n => signed[n] = Composed.Bytes(Signed(mails[n], signing))
        );

        Assert.All(await keys.Judges.JudgeAsync(signed), verdict => Assert.Equal(["pass", "pass"], verdict));
    }

    [Fact]
    public void A_mail_signed_twice_at_the_same_instant_is_the_same()
    {
        using var keys = new DkimKeys();
        var signing = DkimKeys.Signing(keys.Rsa(), keys.Edwards());

        var mail = Composed.Mail();
        Assert.Equal(signing.Sign(mail.Headers, mail.Body, At), signing.Sign(mail.Headers, mail.Body, At));
    }

    private static ComposedMail Signed(ComposedMail mail, DkimSigning signing) =>
        mail with
        {
            Headers = (byte[])[.. signing.Sign(mail.Headers, mail.Body, At), .. mail.Headers.Span],
        };

    private static IEnumerable<ComposedMail> Shapes()
    {
        var plain = Composed.Mail();
        yield return plain;
        yield return plain with
        {
            Headers = HeaderBlock.Build(
                Composed.Headers with
                {
                    Subject = "Les Ulis : la fenêtre du 3ᵉ trimestre 2026 s’est refermée, aucune ouverture au dossier",
                    FromName = "Les jalons de Mistral, suivis et tenus à jour par MilestoneWatch",
                    ToName = "Zoé Élodie",
                    ListId = null,
                    Unsubscribe = null,
                }
            ),
        };
        yield return plain with
        {
            Headers = HeaderBlock.Build(Composed.Headers with { Subject = new string('x', 400) + "  two  blanks " }),
        };
        foreach (
            var body in new[]
            {
                "",
                "\r\n",
                "text\r\n",
                "text\r\n\r\n\r\n\r\n",
                "text\r\n   \t \r\nmore \t text  \r\n",
                ".\r\n..\r\n.dot\r\nFrom here on\r\n",
                "\r\n\r\nafter two blank lines\r\n",
                new string('y', 998) + "\r\n",
            }
        )
        {
            yield return plain with
            {
                Body = [Encoding.ASCII.GetBytes(body)],
            };
        }
        // line ends and blank lines cut between segments
        yield return plain with
        {
            Body = ["a\r"u8.ToArray(), "\nb \r\n"u8.ToArray(), "\r"u8.ToArray(), "\n"u8.ToArray()],
        };
        foreach (var file in Digests.Golden.HtmlFiles().Where(file => Path.GetFileName(file).StartsWith("fr-", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(Path.ChangeExtension(file, ".txt"));
            yield return plain with
            {
                Body = SegmentEncoder.Encode(text, File.ReadAllText(file), [], Composed.Headers.Boundary).Shared,
            };
        }
    }
}
