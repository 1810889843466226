using System.Runtime.CompilerServices;
using MailKit.Net.Smtp;

namespace MilestoneWatch.Mail;

/// <summary>What MailKit's client talks over, TLS undone.</summary>
/// <remarks>MailKit shows it to nobody, so this reaches into it; its version is pinned, and every test of a connection goes through here.</remarks>
internal static class MailKitStream
{
    private const string SmtpStream = "MailKit.Net.Smtp.SmtpStream, MailKit";

    /// <summary>For a client that is connected and has read all that the relay has said.</summary>
    public static Stream Of(SmtpClient client) => Inner(StreamOf(client));

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Stream")]
    [return: UnsafeAccessorType(SmtpStream)]
    private static extern object StreamOf(SmtpClient client);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Stream")]
    private static extern Stream Inner([UnsafeAccessorType(SmtpStream)] object stream);
}
