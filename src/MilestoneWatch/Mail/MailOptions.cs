using MimeKit;

namespace MilestoneWatch.Mail;

/// <summary>Configuration section <c>Mail</c>.</summary>
internal sealed class MailOptions
{
    /// <summary>Who the mails are from: "Name &lt;address&gt;". Its domain is also our EHLO name and that of our Message-IDs.</summary>
    public string From { get; set; } = "MilestoneWatch <milestonewatch@localhost>";

    /// <summary>A folder to write mails to instead of sending them.</summary>
    public string? Pickup { get; set; }

    public string FromName => MailboxAddress.TryParse(From, out var parsed) ? parsed.Name ?? "" : "";

    public string FromAddress => Sender?.Address ?? "";

    public string Domain => Sender?.Domain ?? "localhost";

    /// <summary>What is wrong and how to mend it, a line each; empty when all is well.</summary>
    public IReadOnlyList<string> Problems() =>
        Sender is null
            ? [$"MW_Mail__From is '{From}': set it to one address with an ASCII local part, such as 'MilestoneWatch <watch@example.org>'"]
            : [];

    private Mailbox? Sender =>
        !From.Any(char.IsControl)
        && MailboxAddress.TryParse(From, out var parsed)
        && Mailbox.TryRead(parsed.Address, out var sender)
        && sender.IsAscii
            ? sender
            : null;
}
