using System.Text;
using CsCheck;
using MilestoneWatch.Mail;
using MimeKit;

namespace MilestoneWatch.Tests.Mail;

public sealed class HeaderBlockTests
{
    private static readonly string[] Expected =
    [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "List-Id",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    ];

    private static readonly string[] Injections =
    [
        "a\r\nBcc: evil@x.example",
        "a\nBcc: evil@x.example",
        "a\rBcc: evil@x.example",
        "a\r\n\r\n<script>",
        "a\r\n b",
        "a\0b",
        "\r\n",
        "a\u0085Bcc: x",
        "a\u2028Bcc: x",
        "a\u000bb",
        "a\u001b[2J",
        "a\ud800",
    ];

    private static readonly string[] BadAddresses =
    [
        "",
        "a",
        "a@",
        "@b.example",
        "a b@c.example",
        "a@b.example,c@d.example",
        "a@b.example c@d.example",
        "Ada <a@b.example>",
        "<a@b.example>",
        "a@b.example>",
        "(c)a@b.example",
        "a@b.example(c)",
        "@x:a@b.example",
        "a@@b.example",
        "g:a@b.example;",
        "a\"b@c.example",
        "a@b..example",
        "a@b.example\t",
        new string('a', 250) + "@b.example",
    ];

    // quotes, specials and scripts that are no attack and must come out as they went in
    private static readonly string[] Names =
    [
        "Ada",
        "Zoé Ünal",
        "O'Brien, \"Bob\" <bob@evil.example>",
        "a\\",
        "=?utf-8?q?Bcc=3A_x?=",
        "日本語の名前がとても長い場合にはどうなりますか折り返しが必要です",
        new string('x', 300),
        "x@y.example, z",
        "a;b:c",
        "🙂",
        "(comment)",
        "  blanks  ",
    ];

    public static TheoryData<string> InjectionCases => [.. Injections];

    public static TheoryData<string> BadAddressCases => [.. BadAddresses];

    public static TheoryData<string> NameCases => [.. Names];

    [Fact]
    public void The_block_is_as_written_here() =>
        Assert.Equal(
            """
            From: MilestoneWatch <watch@example.org>
            To: ada@example.net
            Subject: Les Ulis: Q3 2026 window closed, no opening on record
            Date: Mon, 05 Oct 2026 06:00:00 +0000
            Message-ID: <k3f9@example.org>
            List-Id: <mistral.example.org>
            List-Unsubscribe: <https://example.org/leave/k3f9>
            List-Unsubscribe-Post: List-Unsubscribe=One-Click
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            Content-Type: multipart/alternative;
             boundary="=_fixed"

            """.ReplaceLineEndings("\r\n"),
            Encoding.ASCII.GetString(HeaderBlock.Build(Composed.Headers))
        );

    [Theory]
    [MemberData(nameof(InjectionCases))]
    public void An_injection_is_refused_wherever_it_stands(string attack)
    {
        MailHeaders[] attempts =
        [
            Composed.Headers with
            {
                Subject = attack,
            },
            Composed.Headers with
            {
                FromName = attack,
            },
            Composed.Headers with
            {
                ToName = attack,
            },
            Composed.Headers with
            {
                FromAddress = attack,
            },
            Composed.Headers with
            {
                ToAddress = attack,
            },
            Composed.Headers with
            {
                FromAddress = attack + "@b.example",
            },
            Composed.Headers with
            {
                ToAddress = attack + "@b.example",
            },
            Composed.Headers with
            {
                ToAddress = "a@b.example" + attack,
            },
            Composed.Headers with
            {
                ToAddress = $"\"{attack}\"@b.example",
            },
            Composed.Headers with
            {
                MessageId = attack,
            },
            Composed.Headers with
            {
                ListId = attack,
            },
            Composed.Headers with
            {
                Boundary = attack,
            },
        ];

        Assert.All(attempts, attempt => Assert.Throws<HeaderRefusedException>(() => HeaderBlock.Build(attempt)));
    }

    [Theory]
    [MemberData(nameof(BadAddressCases))]
    public void What_is_not_one_bare_address_is_refused(string address)
    {
        Assert.Throws<HeaderRefusedException>(() => HeaderBlock.Build(Composed.Headers with { ToAddress = address }));
        Assert.Throws<HeaderRefusedException>(() => HeaderBlock.Build(Composed.Headers with { FromAddress = address }));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://example.org/leave")]
    [InlineData("mailto:leave@example.org")]
    public void Leaving_is_by_https_only(string address) =>
        Assert.Throws<HeaderRefusedException>(() => HeaderBlock.Build(Composed.Headers with { Unsubscribe = new Uri(address) }));

    [Theory]
    [MemberData(nameof(NameCases))]
    public void Any_name_and_subject_comes_out_as_it_went_in(string name)
    {
        using var mail = Load(Composed.Headers with { FromName = name, ToName = name, Subject = name });

        Assert.Equal(name.Trim(), mail.From.Mailboxes.Single().Name?.Trim());
        Assert.Equal(("watch@example.org", "ada@example.net"), (mail.From.Mailboxes.Single().Address, mail.To.Mailboxes.Single().Address));
        Assert.Equal(name.Trim(), mail.Subject?.Trim());
    }

    [Fact]
    public void Any_text_gives_the_expected_headers_and_no_others() =>
        Gen.Select(Gen.String[0, 120], Gen.String[0, 120])
            .Sample(
                (name, subject) =>
                {
                    try
                    {
                        using var mail = Load(Composed.Headers with { ToName = name, Subject = subject });
                        Assert.Equal("ada@example.net", mail.To.Mailboxes.Single().Address);
                    }
                    catch (HeaderRefusedException)
                    {
                        // refusing is always safe; the corpora above show that it is not all that happens
                    }
                },
                iter: 5000
            );

    [Fact]
    public void A_long_subject_is_folded_and_reads_back()
    {
        var subject = string.Join(' ', Enumerable.Repeat("Les Ulis élargi", 20));

        using var mail = Load(Composed.Headers with { Subject = subject });

        Assert.Equal(subject, mail.Subject);
    }

    [Fact]
    public void A_non_ASCII_local_part_stays_7_bit_as_an_empty_group()
    {
        using var mail = Load(Composed.Headers with { ToAddress = "zoé@example.net", ToName = "Zoé" });

        var group = Assert.IsType<GroupAddress>(Assert.Single(mail.To));
        Assert.Equal("Zoé zoé@example.net", group.Name);
        Assert.Empty(group.Members);
    }

    [Fact]
    public void A_long_leave_address_stays_in_one_piece()
    {
        var leave = new Uri("https://example.org/leave/" + new string('k', 120));

        var block = Encoding.ASCII.GetString(HeaderBlock.Build(Composed.Headers with { Unsubscribe = leave }));

        Assert.Contains($"List-Unsubscribe:\r\n <{leave}>\r\n", block, StringComparison.Ordinal);
    }

    private static MimeMessage Load(MailHeaders headers)
    {
        var block = HeaderBlock.Build(headers);
        var lines = Encoding.Latin1.GetString(block).Split("\r\n");
        Assert.All(
            lines,
            line =>
            {
                Assert.InRange(line.Length, 0, 78);
                Assert.All(line, c => Assert.True(c is '\t' or (>= ' ' and <= '~')));
            }
        );
        using var stream = new MemoryStream([.. block, .. "\r\n"u8]);
        var mail = MimeMessage.Load(stream, CancellationToken.None);
        Assert.Equal(
            Expected,
            mail.Headers.Concat(mail.Body!.Headers).Select(h => h.Field).Distinct(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        return mail;
    }
}
