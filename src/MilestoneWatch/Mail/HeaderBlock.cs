using System.Text;
using MimeKit;
using NodaTime.Text;

namespace MilestoneWatch.Mail;

/// <summary>Writes a mail's header lines: CRLF, 7-bit, folded at 78 where a fold is possible, without the blank line after them.</summary>
internal static class HeaderBlock
{
    // RFC 5322 §2.1.1
    private const int Width = 78;
    private const int LongestLine = 998;

    private static readonly InstantPattern Rfc5322 = InstantPattern.CreateWithInvariantCulture(
        "ddd, dd MMM uuuu HH:mm:ss '+0000'"
    );

    /// <exception cref="HeaderRefusedException">A value would break out of its header, or cannot be written in one.</exception>
    public static byte[] Build(MailHeaders mail)
    {
        var block = new StringBuilder(1024);
        using (var message = new MimeMessage(Enumerable.Empty<Header>()))
        {
            message.From.Add(From(mail));
            message.To.Add(To(mail));
            message.Headers.Add(
                new Header(Encoding.UTF8, HeaderId.Subject, Plain("Subject", mail.Subject))
            );
            foreach (var header in message.Headers)
                block
                    .Append(header.Field)
                    .Append(':')
                    .Append(Encoding.UTF8.GetString(header.RawValue));
            block.Replace("\r\n", "\n").Replace("\n", "\r\n");
        }
        Add(block, "Date", Rfc5322.Format(mail.Date));
        Add(block, "Message-ID", $"<{Token("Message-ID", mail.MessageId)}>");
        if (mail.ListId is { } list)
            Add(block, "List-Id", $"<{Token("List-Id", list)}>");
        if (mail.Unsubscribe is { } leave)
        {
            Add(block, "List-Unsubscribe", $"<{Web(leave)}>");
            Add(block, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        Add(block, "Auto-Submitted", "auto-generated");
        Add(block, "MIME-Version", "1.0");
        Add(
            block,
            "Content-Type",
            $"multipart/alternative;\r\n boundary=\"{Token("Content-Type", mail.Boundary)}\""
        );
        return Checked(block.ToString());
    }

    private static byte[] Checked(string block)
    {
        foreach (var line in block.AsSpan().EnumerateLines())
            if (line.Length > LongestLine || !Ascii.IsValid(line))
                throw new HeaderRefusedException("Header", "too long to fold, or not 7-bit");
        return Encoding.ASCII.GetBytes(block);
    }

    private static MailboxAddress From(MailHeaders mail)
    {
        if (
            !MailboxText.TryRead(mail.FromAddress, out var from)
            || !MailboxText.HasAsciiLocalPart(from)
        )
            throw new HeaderRefusedException("From", "not an address that every relay takes");
        from.Name = Plain("From", mail.FromName);
        return from;
    }

    private static InternetAddress To(MailHeaders mail)
    {
        var name = Plain("To", mail.ToName ?? "");
        if (!MailboxText.TryRead(mail.ToAddress, out var to))
            throw new HeaderRefusedException("To", "not one bare address");
        // a non-ASCII local part has no 7-bit spelling: RFC 6857 §3.1.8 writes an empty group that carries it as its name
        if (!MailboxText.HasAsciiLocalPart(to))
            return new GroupAddress($"{name} {mail.ToAddress}".Trim());
        to.Name = name;
        return to;
    }

    private static void Add(StringBuilder block, string field, string value)
    {
        var firstLine = value.Split("\r\n", 2)[0];
        block.Append(field).Append(field.Length + 2 + firstLine.Length > Width ? ":\r\n " : ": ");
        block.Append(value).Append("\r\n");
    }

    private static string Plain(string header, string value)
    {
        foreach (var rune in value.EnumerateRunes())
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 || rune.Value == 0xFFFD)
                throw new HeaderRefusedException(
                    header,
                    $"U+{rune.Value:X4} cannot stand in a header"
                );
        return value;
    }

    private static string Token(string header, string value) =>
        value.Length > 0
        && value.All(c => c is > ' ' and < '\x7f' and not ('<' or '>' or '"' or '\\'))
            ? value
            : throw new HeaderRefusedException(
                header,
                "only printable ASCII without blanks, quotes and angle brackets"
            );

    private static string Web(Uri address) =>
        address.IsAbsoluteUri
        && (
            string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
            || address.IsLoopback
        )
            ? Token("List-Unsubscribe", address.AbsoluteUri)
            : throw new HeaderRefusedException("List-Unsubscribe", "only an https address");
}
