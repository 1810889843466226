using System.Runtime.CompilerServices;
using MailKit.Net.Smtp;
using MimeKit;

namespace MilestoneWatch.Mail;

/// <summary>MailKit's client without a rehearsal: it would write every mail once to measure it, and prepare what is encoded already.</summary>
internal sealed class WireClient : SmtpClient
{
    private const string SmtpStream = "MailKit.Net.Smtp.SmtpStream, MailKit";

    public long Size { get; set; }

    /// <summary>Lets DATA go with MAIL and RCPT from here on, where the relay offers PIPELINING. For a connection that is ready for mail.</summary>
    /// <remarks>MailKit lets nobody above its TLS, so this reaches into it; its version is pinned, and a test counts the groups.</remarks>
    public void SendDataEarly()
    {
        if (!Capabilities.HasFlag(SmtpCapabilities.Pipelining))
            return;
        var stream = StreamOf(this);
        Replace(stream, new EarlyDataStream(Inner(stream)));
    }

    protected override Task<long> GetSizeAsync(FormatOptions options, MimeMessage message, CancellationToken cancellationToken) =>
        Task.FromResult(Size);

    protected override void Prepare(FormatOptions options, MimeMessage message, EncodingConstraint constraint, int maxLineLength)
    {
        // the bytes are final
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Stream")]
    [return: UnsafeAccessorType(SmtpStream)]
    private static extern object StreamOf(SmtpClient client);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Stream")]
    private static extern Stream Inner([UnsafeAccessorType(SmtpStream)] object stream);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "SetStream")]
    private static extern void Replace([UnsafeAccessorType(SmtpStream)] object stream, Stream inner);
}
