using MimeKit;

namespace MilestoneWatch.Mail;

/// <summary>Configuration section <c>Mail</c>.</summary>
internal sealed class MailOptions
{
    // read once: it is asked for with each mail
    private Mailbox? sender;

    public MailOptions() => From = "MilestoneWatch <milestonewatch@localhost>";

    /// <summary>Who the mails are from: "Name &lt;address&gt;". Its domain is also our EHLO name and that of our Message-IDs.</summary>
    public string From
    {
        get;
        set
        {
            field = value;
            sender = Read(value);
        }
    }

    /// <summary>A folder to write mails to instead of sending them.</summary>
    public string? Pickup { get; set; }

    /// <summary>Where bounces come back to; the From address where it is left out.</summary>
    public string? ReturnPath { get; set; }

    /// <summary>Whether each mail has a return path of its own: the token behind a plus says which mail came back.</summary>
    public bool Verp { get; set; } = true;

    public string ReturnPathAddress =>
        ReturnPath is { Length: > 0 } path && Mailbox.TryRead(path.Trim(), out var mailbox) ? mailbox.Address : FromAddress;

    public string FromName => MailboxAddress.TryParse(From, out var parsed) ? parsed.Name ?? "" : "";

    public string FromAddress => sender?.Address ?? "";

    public string Domain => sender?.Domain ?? "localhost";

    /// <summary>What is wrong and how to mend it, a line each; empty when all is well.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        if (sender is null)
        {
            problems.Add(
                $"MW_Mail__From is '{From}': set it to one address with an ASCII local part, such as 'MilestoneWatch <watch@example.org>'"
            );
        }
        if (ReturnPath is { Length: > 0 } && !(Mailbox.TryRead(ReturnPath.Trim(), out var path) && path.IsAscii))
        {
            problems.Add($"MW_Mail__ReturnPath is '{ReturnPath}': set it to a bare address such as bounces@example.org, or leave it out");
        }
        return problems;
    }

    private static Mailbox? Read(string from) =>
        !from.Any(char.IsControl)
        && MailboxAddress.TryParse(from, out var parsed)
        && Mailbox.TryRead(parsed.Address, out var mailbox)
        && mailbox.IsAscii
            ? mailbox
            : null;
}
