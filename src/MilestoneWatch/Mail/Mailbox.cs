using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using MimeKit;

namespace MilestoneWatch.Mail;

/// <summary>One bare address, its domain in ASCII. Comments, groups, routes, white space, control characters and literals are refused.</summary>
internal sealed record Mailbox(string LocalPart, string Domain)
{
    // RFC 5321 §4.5.3.1.3: a path of 256 octets with its angle brackets
    private const int Longest = 254;

    // letters, digits and hyphens only
    private static readonly IdnMapping Domains = new() { UseStd3AsciiRules = true };

    public string Address => $"{LocalPart}@{Domain}";

    /// <summary>False where only a relay with SMTPUTF8 can take it.</summary>
    public bool IsAscii => Ascii.IsValid(LocalPart);

    public static bool TryRead(string text, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        var at = text.LastIndexOf('@');
        if (at < 1 || text.Length > Longest || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            return false;
        try
        {
            var read = new Mailbox(text[..at], Domains.GetAscii(text, at + 1));
            if (string.Equals(read.ForMailKit().LocalPart, read.LocalPart, StringComparison.Ordinal))
                mailbox = read;
        }
        catch (Exception e) when (e is ParseException or ArgumentException)
        {
            return false;
        }
        return mailbox is not null;
    }

    /// <summary>A new one each time: one that is shared keeps every message that ever used it alive.</summary>
    public MailboxAddress ForMailKit() => new(null, Address);
}
