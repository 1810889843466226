using MailKit.Net.Smtp;
using MimeKit;

namespace MilestoneWatch.Mail;

/// <summary>MailKit's client without a rehearsal: it would write every mail once to measure it, and prepare what is encoded already.</summary>
internal sealed class WireClient : SmtpClient
{
    public long Size { get; set; }

    protected override Task<long> GetSizeAsync(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
        Task.FromResult(Size);

    protected override void Prepare(FormatOptions options, MimeMessage message, EncodingConstraint constraint, int maxLineLength)
    {
        // the bytes are final
    }
}
