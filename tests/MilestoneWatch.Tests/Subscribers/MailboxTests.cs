using CsCheck;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Tests.Subscribers;

public sealed class MailboxTests
{
    private static readonly string Long = new('a', 64);

    public static TheoryData<string> Good =>
        [
            "ada@example.org",
            "Ada.Lovelace+news@example.org",
            "a@b.example",
            "!#$%&'*+-/=?^_`{|}~@example.org",
            "1234567890@example.org",
            "_@example.org",
            "a-b@ex-ample.co.uk",
            "x@1and1.example",
            "x@a.b.c.d.e.f.example",
            $"{Long}@example.org",
            "\"ada lovelace\"@example.org",
            "\"ada@home\"@example.org",
            "\"a..b\"@example.org",
            "\"quoted \\\"pair\\\"\"@example.org",
            "\"ada\"@example.org",
            "ada@bücher.example",
            "ada@xn--bcher-kva.example",
            "ada@例え.テスト",
            "ada@пример.рф",
            "zoé@example.org",
            "用户@例え.テスト",
            "δοκιμή@παράδειγμα.δοκιμή",
            "ada@localhost",
            "ada@" + new string('d', 63) + ".example",
            "ada@0.example",
        ];

    public static TheoryData<string> Bad =>
        [
            "",
            "@",
            "ada",
            "ada@",
            "@example.org",
            "ada@@example.org",
            ".ada@example.org",
            "ada.@example.org",
            "a..b@example.org",
            "ada@.org",
            "ada@example..org",
            "ada@-example.org",
            "ada@example-.org",
            "ada@exam_ple.org",
            "ada@example.org-",
            "ada@[127.0.0.1]",
            "ada@[IPv6:::1]",
            "ada@127.0.0.1",
            "ada@example.123",
            $"{Long}a@example.org",
            "é" + new string('a', 63) + "@example.org",
            "ada@" + new string('d', 64) + ".example",
            "ada@" + string.Join('.', Enumerable.Repeat(new string('d', 60), 5)) + ".example",
            "ada lovelace@example.org",
            "ada@exam ple.org",
            " ada@example.org",
            "ada@example.org ",
            "ada,bob@example.org",
            "ada@example.org,bob@example.org",
            "ada@example.org;bob@example.org",
            "Ada <ada@example.org>",
            "<ada@example.org>",
            "ada@example.org>",
            "ada(comment)@example.org",
            "ada@(comment)example.org",
            "@relay.example:ada@example.org",
            "group:ada@example.org;",
            "mailto:ada@example.org",
            "a\"b@example.org",
            "\"ada@example.org",
            "ada\"@example.org",
            "\"\"@example.org",
            "\" \"@example.org",
            "\"a\"b\"@example.org",
            "\"a\\\"@example.org",
            "\"a\".b@example.org",
            "a\\b@example.org",
            "ada@example.org\r\nBcc: bob@example.org",
            "ada\r\n@example.org",
            "\"ada\r\n Bcc: x\"@example.org",
            "ada@example.org\n",
            "ada\0@example.org",
            "\"a\0b\"@example.org",
            "ada\t@example.org",
            "\"a\tb\"@example.org",
            "ada@example.org\u2028",
            "ada\u2029@example.org",
            "ada\u0085@example.org",
            "ada\u00a0@example.org",
            "\"a\u3000b\"@example.org",
            "ada\u200b@example.org",
            "ada\u202e@example.org",
            "\ufeffada@example.org",
            "ada\ue000@example.org",
            "ada\ud800@example.org",
            "ada\ufffd@example.org",
            "ada@xn--\u00fc.example",
            "ada@xn--a-ecp-.example",
        ];

    [Theory]
    [MemberData(nameof(Good))]
    public void What_the_standards_allow_is_an_address(string text)
    {
        Assert.True(Mailbox.TryRead(text, out var mailbox));
        Assert.True(System.Text.Ascii.IsValid(mailbox.Domain));
        Assert.Equal(mailbox.Address, mailbox.ForMailKit().GetAddress(idnEncode: true));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_could_break_a_header_or_is_no_address_is_refused(string text) => Assert.False(Mailbox.TryRead(text, out _));

    [Theory]
    [InlineData("ada@example.org", "Ada@EXAMPLE.org")]
    [InlineData("ada@example.org", "\"ada\"@example.org")]
    [InlineData("ada@example.org", "\"a\\d\\a\"@example.org")]
    [InlineData("\"a b\"@example.org", "\"A\\ b\"@example.org")]
    [InlineData("ada@bücher.example", "ada@xn--bcher-kva.example")]
    [InlineData("ada@bücher.example", "ada@BÜCHER.example")]
    [InlineData("zoé@example.org", "zoe\u0301@example.org")]
    [InlineData("zoé@example.org", "ZOÉ@example.org")]
    [InlineData("σίσυφος@example.org", "ΣΊΣΥΦΟΣ@example.org")]
    [InlineData("k@example.org", "\u212a@example.org")]
    [InlineData("ada@example.org", "ada@example。org")]
    public void Spellings_of_one_address_have_one_key(string one, string other)
    {
        Assert.True(Mailbox.TryRead(one, out var first));
        Assert.True(Mailbox.TryRead(other, out var second));
        Assert.Equal(first.Key, second.Key);
    }

    [Theory]
    [InlineData("ada@example.org", "ada+news@example.org")]
    [InlineData("ada@example.org", "a.da@example.org")]
    [InlineData("\"a b\"@example.org", "\"a  b\"@example.org")]
    [InlineData("zoé@example.org", "zoe@example.org")]
    [InlineData("ada@example.org", "ada@mail.example.org")]
    public void Addresses_that_may_be_two_people_have_two_keys(string one, string other)
    {
        Assert.True(Mailbox.TryRead(one, out var first));
        Assert.True(Mailbox.TryRead(other, out var second));
        Assert.NotEqual(first.Key, second.Key);
    }

    [Fact]
    public void Whatever_is_read_reads_again_the_same()
    {
        var letters = Gen.Char["ab.@+\"\\ <>(),;:[]é\u0301\r\n\0\t-_1"];
        letters
            .Array[1, 20]
            .Sample(
                typed =>
                {
                    var text = new string(typed) + "@example.org";
                    if (Mailbox.TryRead(text, out var mailbox))
                    {
                        Assert.True(Mailbox.TryRead(mailbox.Address, out var again));
                        Assert.Equal((mailbox, mailbox.Key), (again, again.Key));
                        Assert.DoesNotContain(mailbox.Address, c => char.IsControl(c));
                        Assert.Equal(mailbox.Address, mailbox.ForMailKit().GetAddress(idnEncode: true));
                    }
                },
                iter: 20_000
            );
    }

    [Theory]
    [InlineData("ada@gmial.com", "ada@gmail.com")]
    [InlineData("ada@gmail.co", "ada@gmail.com")]
    [InlineData("ada@gmail.con", "ada@gmail.com")]
    [InlineData("ada@gmai.com", "ada@gmail.com")]
    [InlineData("Ada+x@GMAL.com", "Ada+x@gmail.com")]
    [InlineData("ada@hotmial.com", "ada@hotmail.com")]
    [InlineData("ada@hotmil.fr", "ada@hotmail.fr")]
    [InlineData("ada@yaho.com", "ada@yahoo.com")]
    [InlineData("ada@outlok.com", "ada@outlook.com")]
    [InlineData("ada@icloud.co", "ada@icloud.com")]
    [InlineData("ada@orage.fr", "ada@orange.fr")]
    [InlineData("ada@wanado.fr", "ada@wanadoo.fr")]
    [InlineData("ada@laposte.fr", null)]
    [InlineData("ada@gmail.com", null)]
    [InlineData("ada@googlemail.com", null)]
    [InlineData("ada@ymail.com", null)]
    [InlineData("ada@email.com", null)]
    [InlineData("ada@hotmail.de", null)]
    [InlineData("ada@outlook.es", null)]
    [InlineData("ada@example.org", null)]
    [InlineData("ada@gmail.example.org", null)]
    [InlineData("ada@acme.com", null)]
    [InlineData("ada@localhost", null)]
    [InlineData("ada@bücher.example", null)]
    public void A_slip_in_a_big_providers_domain_is_asked_about(string typed, string? meant)
    {
        Assert.True(Mailbox.TryRead(typed, out var mailbox));
        Assert.Equal(meant, AddressTypos.Meant(mailbox));
    }
}
