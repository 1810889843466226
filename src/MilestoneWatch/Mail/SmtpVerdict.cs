using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;

namespace MilestoneWatch.Mail;

/// <summary>Reads what a failure means for the mail.</summary>
internal static class SmtpVerdict
{
    private const int ExceededStorage = 552;

    /// <summary>Null for an exception that says nothing about the relay: a mistake of ours, and not to be hidden.</summary>
    public static SendResult? Of(Exception failure, SendGate gate) =>
        failure switch
        {
            SmtpCommandException refused => new SendResult(Refused(refused), (int)refused.StatusCode, refused.Message)
            {
                RecipientRefused = refused.ErrorCode == SmtpErrorCode.RecipientNotAccepted,
            },
            ServiceNotAuthenticatedException login => new SendResult(SendOutcome.RelayTrouble, 530, login.Message),
            _ when gate.DotMayHaveLeft => new SendResult(
                SendOutcome.Ambiguous,
                null,
                $"All of it was sent, then no answer came: {failure.Message}"
            ),
            _ when IsDropOrTimeout(failure) => new SendResult(
                SendOutcome.Temporary,
                null,
                $"The connection failed before all of it was sent: {failure.Message}"
            ),
            _ => null,
        };

    /// <summary>The relay had enough of this connection, not of this mail: worth a new connection at once.</summary>
    public static bool IsStale(Exception failure) =>
        failure
            is SmtpCommandException { StatusCode: SmtpStatusCode.ServiceNotAvailable }
                or SmtpProtocolException
                or ServiceNotConnectedException
                or IOException
                or SocketException;

    private static bool IsDropOrTimeout(Exception failure) => IsStale(failure) || failure is TimeoutException or OperationCanceledException;

    private static SendOutcome Refused(SmtpCommandException refused)
    {
        var code = (int)refused.StatusCode;
        return (code / 100, refused.ErrorCode) switch
        {
            (4, _) => SendOutcome.Temporary,
            // at MAIL, 552 answers our SIZE: this mail is too large
            (5, SmtpErrorCode.SenderNotAccepted) => code == ExceededStorage ? SendOutcome.Permanent : SendOutcome.RelayTrouble,
            // at RCPT it is a full mailbox (RFC 5321 §4.5.3.1.10)
            (5, SmtpErrorCode.RecipientNotAccepted) when code == ExceededStorage => SendOutcome.Temporary,
            (5, _) => SendOutcome.Permanent,
            (2, SmtpErrorCode.MessageNotAccepted) => SendOutcome.Accepted,
            (_, SmtpErrorCode.MessageNotAccepted) => SendOutcome.Ambiguous,
            _ => SendOutcome.RelayTrouble,
        };
    }
}
