using System.Text;
using NodaTime.Text;

namespace MilestoneWatch.Mail;

/// <summary>Writes a mail's header lines: CRLF, 7-bit, folded at 78 where a fold is possible, without the blank line after them.</summary>
internal static class HeaderBlock
{
    // RFC 5322 §2.1.1
    private const int LongestLine = 998;

    private static readonly InstantPattern Rfc5322 = InstantPattern.CreateWithInvariantCulture("ddd, dd MMM uuuu HH:mm:ss '+0000'");

    /// <exception cref="HeaderRefusedException">A value would break out of its header, or cannot be written in one.</exception>
    public static byte[] Build(MailHeaders mail)
    {
        var block = new StringBuilder(1024);
        block.Append("From: ").Append(From(mail)).Append("\r\n");
        block.Append("To: ").Append(To(mail)).Append("\r\n");
        Add(block, "Subject", EncodedWords.Text(Plain("Subject", mail.Subject), "Subject: ".Length));
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
        Add(block, "Content-Type", $"multipart/alternative;\r\n boundary=\"{Token("Content-Type", mail.Boundary)}\"");
        return Checked(block.ToString());
    }

    private static byte[] Checked(string block)
    {
        foreach (var line in block.AsSpan().EnumerateLines())
            if (line.Length > LongestLine || !Ascii.IsValid(line))
                throw new HeaderRefusedException("Header", "too long to fold, or not 7-bit");
        return Encoding.ASCII.GetBytes(block);
    }

    private static string From(MailHeaders mail)
    {
        if (!Mailbox.TryRead(mail.FromAddress, out var from) || !from.IsAscii)
            throw new HeaderRefusedException("From", "not an address that every relay takes");
        return NameAndAddress(Plain("From", mail.FromName), from.Address, "From: ".Length);
    }

    private static string To(MailHeaders mail)
    {
        var name = Plain("To", mail.ToName ?? "");
        if (!Mailbox.TryRead(mail.ToAddress, out var to))
            throw new HeaderRefusedException("To", "not one bare address");
        // a non-ASCII local part has no 7-bit spelling: as RFC 6857 §3.1.8, an empty group carries it as its name
        return to.IsAscii
            ? NameAndAddress(name, to.Address, "To: ".Length)
            : EncodedWords.Name($"{name} {mail.ToAddress}".Trim(), "To: :;".Length) + ":;";
    }

    private static string NameAndAddress(string name, string address, int used)
    {
        if (name.Length == 0)
            return address;
        var encoded = EncodedWords.Name(name, used);
        var lastLine = encoded.Length - Math.Max(encoded.LastIndexOf('\n') + 1, 0);
        return $"{encoded}{(used + lastLine + address.Length + 3 > EncodedWords.Width ? "\r\n" : "")} <{address}>";
    }

    private static void Add(StringBuilder block, string field, string value)
    {
        var firstLine = value.Split("\r\n", 2)[0];
        block.Append(field).Append(field.Length + 2 + firstLine.Length > EncodedWords.Width ? ":\r\n " : ": ");
        block.Append(value).Append("\r\n");
    }

    private static string Plain(string header, string value)
    {
        foreach (var rune in value.EnumerateRunes())
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 || rune.Value == 0xFFFD)
                throw new HeaderRefusedException(header, $"U+{rune.Value:X4} cannot stand in a header");
        return value;
    }

    private static string Token(string header, string value) =>
        value.Length > 0 && value.All(c => c is > ' ' and < '\x7f' and not ('<' or '>' or '"' or '\\'))
            ? value
            : throw new HeaderRefusedException(header, "only printable ASCII without blanks, quotes and angle brackets");

    private static string Web(Uri address) =>
        address.IsAbsoluteUri && (string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal) || address.IsLoopback)
            ? Token("List-Unsubscribe", address.AbsoluteUri)
            : throw new HeaderRefusedException("List-Unsubscribe", "only an https address");
}
