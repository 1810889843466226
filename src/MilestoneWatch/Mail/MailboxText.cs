using System.Diagnostics.CodeAnalysis;
using System.Text;
using MimeKit;

namespace MilestoneWatch.Mail;

/// <summary>Reads one bare address. Comments, groups, routes, white space and control characters are refused.</summary>
internal static class MailboxText
{
    // RFC 5321 §4.5.3.1.3: a path of 256 octets with its angle brackets
    private const int Longest = 254;

    /// <summary>A fresh MailboxAddress each time: one that is shared keeps every message that ever used it alive.</summary>
    public static bool TryRead(string address, [NotNullWhen(true)] out MailboxAddress? mailbox)
    {
        mailbox = null;
        if (
            address.Length is 0 or > Longest
            || address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
        )
            return false;
        try
        {
            var read = new MailboxAddress(null, MailboxAddress.EncodeAddrspec(address));
            if (
                read.LocalPart.Length == 0
                || string.IsNullOrEmpty(read.Domain)
                || !Ascii.IsValid(read.Domain)
            )
                return false;
            mailbox = string.Equals(
                read.LocalPart,
                address[..address.LastIndexOf('@')],
                StringComparison.Ordinal
            )
                ? read
                : null;
        }
        catch (Exception e) when (e is ParseException or ArgumentException)
        {
            return false;
        }
        return mailbox is not null;
    }

    public static bool HasAsciiLocalPart(MailboxAddress mailbox) =>
        Ascii.IsValid(mailbox.LocalPart);
}
