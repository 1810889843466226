using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace MilestoneWatch.Mail;

/// <summary>One connection to the relay, opened at the first mail, kept, and opened again when it was dropped.</summary>
internal sealed class SmtpMailSender : IMailSender
{
    private readonly SmtpOptions options;
    private readonly SmtpTimeouts timeouts;
    private readonly WireClient client;
    private string? badCertificate;

    /// <param name="localDomain">Our EHLO name: the From domain, never the machine's name.</param>
    public SmtpMailSender(SmtpOptions options, string localDomain, SmtpTimeouts? timeouts = null)
    {
        this.options = options;
        this.timeouts = timeouts ?? SmtpTimeouts.Default;
        client = new WireClient
        {
            LocalDomain = localDomain,
            ServerCertificateValidationCallback = IsTrusted,
            // as other relays do: a certificate authority that is down must not stop the mail
            CheckCertificateRevocation = false,
        };
    }

    /// <summary>Certificates to take although the machine does not trust them. For tests.</summary>
    internal Func<X509Certificate?, bool> AlsoTrusts { get; init; } = _ => false;

    public async Task<SendResult> SendAsync(ComposedMail mail, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var fresh = false;
        while (true)
        {
            if (!client.IsConnected)
            {
                fresh = true;
                if (await ConnectAsync(ct) is { } trouble)
                    return trouble;
            }
            if (Refusal(mail) is { } refusal)
                return refusal;
            using var gate = new SendGate(
                timeouts,
                t => client.Timeout = (int)t.TotalMilliseconds,
                ct
            );
            try
            {
                return new SendResult(
                    SendOutcome.Accepted,
                    (int)SmtpStatusCode.Ok,
                    await SendAsync(mail, gate)
                );
            }
            catch (OperationCanceledException) when (gate.CancelledByCaller)
            {
                throw new OperationCanceledException(ct);
            }
            catch (Exception e) when (!fresh && !gate.ContentBegun && SmtpVerdict.IsStale(e))
            {
                // dropped while it was idle: no mail was begun, so nobody's mail pays for it
                await DropAsync();
            }
            catch (Exception e) when (SmtpVerdict.Of(e, gate) is not null)
            {
                var verdict = SmtpVerdict.Of(e, gate)!;
                if (verdict.Code is null or (int)SmtpStatusCode.ServiceNotAvailable)
                    await DropAsync();
                return verdict;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            if (client.IsConnected)
                await client.DisconnectAsync(quit: true, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // a relay that does not say goodbye
        }
        client.Dispose();
    }

    private async Task<string> SendAsync(ComposedMail mail, SendGate gate)
    {
        // both were read once by Refusal; these are this message's own
        _ = MailboxText.TryRead(mail.EnvelopeFrom, out var from);
        _ = MailboxText.TryRead(mail.Recipient, out var to);
        using var message = WireMessage.Of(mail, gate);
        client.Size = mail.Size;
        return await client.SendAsync(FormatOptions.Default, message, from!, [to!], gate.Token);
    }

    /// <summary>What can be told without asking the relay.</summary>
    private SendResult? Refusal(ComposedMail mail)
    {
        if (
            !MailboxText.TryRead(mail.EnvelopeFrom, out _)
            || !MailboxText.TryRead(mail.Recipient, out var to)
        )
            return new SendResult(
                SendOutcome.Permanent,
                null,
                "The return path or the recipient is not one bare address"
            );
        if (
            !MailboxText.HasAsciiLocalPart(to)
            && !client.Capabilities.HasFlag(SmtpCapabilities.UTF8)
        )
            return new SendResult(
                SendOutcome.Permanent,
                null,
                $"The relay {options.Host} has no SMTPUTF8, which this address needs"
            );
        if (client.MaxSize > 0 && mail.Size > client.MaxSize)
            return new SendResult(
                SendOutcome.Permanent,
                null,
                $"The mail has {mail.Size} octets; the relay {options.Host} takes {client.MaxSize}"
            );
        return null;
    }

    private async Task<SendResult?> ConnectAsync(CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(timeouts.Reply);
        badCertificate = null;
        // Nagle against delayed ACK costs 40 ms a mail
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            client.Timeout = (int)timeouts.Reply.TotalMilliseconds;
            await socket.ConnectAsync(options.Host, options.Port, deadline.Token);
            deadline.CancelAfter(timeouts.UntilDot);
            await client.ConnectAsync(socket, options.Host, options.Port, Security, deadline.Token);
            if (await options.CredentialsAsync(deadline.Token) is { } login)
                await client.AuthenticateAsync(Encoding.UTF8, login, deadline.Token);
            return null;
        }
        catch (Exception e)
        {
            socket.Dispose();
            await DropAsync();
            ct.ThrowIfCancellationRequested();
            return Trouble(e);
        }
    }

    private SecureSocketOptions Security =>
        options.Socket
        ?? throw new InvalidOperationException($"MW_Smtp__Security is '{options.Security}'");

    private SendResult Trouble(Exception failure)
    {
        var relay = $"{options.Host}:{options.Port}";
        var refused =
            failure as SmtpCommandException ?? failure.InnerException as SmtpCommandException;
        var text = failure switch
        {
            SslHandshakeException when badCertificate is not null =>
                $"{relay} showed a certificate that is not trusted here: {badCertificate}",
            SslHandshakeException =>
                $"TLS with {relay} failed: {(failure.InnerException ?? failure).Message}",
            AuthenticationException =>
                $"{relay} refused the login of MW_Smtp__User: {failure.Message}",
            OperationCanceledException or TimeoutException => $"{relay} does not answer",
            _ => $"{relay}: {failure.Message}",
        };
        return new SendResult(SendOutcome.RelayTrouble, (int?)refused?.StatusCode, text);
    }

    private bool IsTrusted(
        object sender,
        X509Certificate? shown,
        X509Chain? chain,
        SslPolicyErrors errors
    )
    {
        if (errors == SslPolicyErrors.None || AlsoTrusts(shown))
            return true;
        var why = chain?.ChainStatus.Select(s => s.Status.ToString()) ?? [];
        badCertificate =
            $"{shown?.Subject ?? "none"} ({string.Join(", ", why.Prepend(errors.ToString()))})";
        return false;
    }

    private async Task DropAsync()
    {
        if (client.IsConnected)
            await client.DisconnectAsync(quit: false, CancellationToken.None);
    }
}
