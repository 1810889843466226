using System.Net.Sockets;

namespace MilestoneWatch.Mail;

/// <summary>Reads what a relay's answer, or its silence, means for the mail.</summary>
internal static class SmtpVerdict
{
    public const int ServiceNotAvailable = 421;
    public const int ExceededStorage = 552;

    private const int NotLoggedIn = 530;

    public static SendResult Of(SmtpAnswer answer) =>
        new(Outcome(answer), answer.Code, answer.Words) { RecipientRefused = answer.Step == SmtpStep.Rcpt };

    /// <summary>Null for an exception that says nothing about the relay: a mistake of ours, and not to be hidden.</summary>
    public static SendResult? Of(Exception failure, SendGate gate) =>
        gate.DotMayHaveLeft ? new SendResult(SendOutcome.Ambiguous, null, $"All of it was sent, then no answer came: {failure.Message}")
        : failure is IOException or SocketException or TimeoutException or OperationCanceledException
            ? new SendResult(SendOutcome.Temporary, null, $"The connection failed before all of it was sent: {failure.Message}")
        : null;

    private static SendOutcome Outcome(SmtpAnswer answer) =>
        (answer.Code / 100, answer.Step) switch
        {
            (2, SmtpStep.Content) => SendOutcome.Accepted,
            (4, _) => SendOutcome.Temporary,
            (5, not SmtpStep.Content) when answer.Code == NotLoggedIn => SendOutcome.RelayTrouble,
            // at MAIL, 552 answers our SIZE: this mail is too large
            (5, SmtpStep.Mail) => answer.Code == ExceededStorage ? SendOutcome.Permanent : SendOutcome.RelayTrouble,
            // at RCPT it is a full mailbox (RFC 5321 §4.5.3.1.10)
            (5, SmtpStep.Rcpt) when answer.Code == ExceededStorage => SendOutcome.Temporary,
            (5, _) => SendOutcome.Permanent,
            (_, SmtpStep.Content) => SendOutcome.Ambiguous,
            _ => SendOutcome.RelayTrouble,
        };
}
