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
    private bool offersUtf8;

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
        if (!Mailbox.TryRead(mail.EnvelopeFrom, out var from) || !Mailbox.TryRead(mail.Recipient, out var to))
            return Refused("The return path or the recipient is not one bare address");
        var fresh = false;
        while (true)
        {
            if (!to.IsAscii && offersUtf8 && !client.Capabilities.HasFlag(SmtpCapabilities.UTF8))
                await DropAsync();
            if (!client.IsConnected)
            {
                fresh = true;
                if (await ConnectAsync(ct) is { } trouble)
                    return trouble;
            }
            if (Refusal(mail, to) is { } refusal)
                return refusal;
            using var gate = new SendGate(timeouts, t => client.Timeout = (int)t.TotalMilliseconds, ct);
            try
            {
                using var message = WireMessage.Of(mail, gate);
                client.Size = mail.Size;
                var reply = await client.SendAsync(FormatOptions.Default, message, from.ForMailKit(), [to.ForMailKit()], gate.Token);
                return new SendResult(SendOutcome.Accepted, (int)SmtpStatusCode.Ok, reply);
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
            catch (Exception e) when (SmtpVerdict.Of(e, gate) is { } verdict)
            {
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

    /// <summary>What can be told without giving the mail to the relay.</summary>
    private SendResult? Refusal(ComposedMail mail, Mailbox to)
    {
        if (!to.IsAscii && !offersUtf8)
            return Refused($"The relay {options.Host} has no SMTPUTF8, which this address needs");
        if (client.MaxSize > 0 && mail.Size > client.MaxSize)
            return Refused($"The mail has {mail.Size} octets; the relay {options.Host} takes {client.MaxSize}");
        // else MailKit asks for SMTPUTF8 for an ASCII local part at a non-ASCII domain, and relays behind this one may refuse it
        if (to.IsAscii)
            client.Capabilities &= ~SmtpCapabilities.UTF8;
        return null;
    }

    private static SendResult Refused(string why) => new(SendOutcome.Permanent, null, why);

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
            await client.ConnectAsync(new WireStream(socket), options.Host, options.Port, Security, deadline.Token);
            if (await options.CredentialsAsync(deadline.Token) is { } login)
                await client.AuthenticateAsync(Encoding.UTF8, login, deadline.Token);
            offersUtf8 = client.Capabilities.HasFlag(SmtpCapabilities.UTF8);
            client.SendDataEarly();
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
        options.Socket ?? throw new InvalidOperationException($"MW_Smtp__Security is '{options.Security}'");

    private SendResult Trouble(Exception failure)
    {
        var relay = $"{options.Host}:{options.Port}";
        const string advice = "see that the relay runs, and that MW_Smtp__Host, __Port and __Security are its own";
        var refused = failure as SmtpCommandException ?? failure.InnerException as SmtpCommandException;
        var text = failure switch
        {
            SslHandshakeException when badCertificate is not null =>
                $"{relay} showed a certificate that is not trusted here: {badCertificate}",
            SslHandshakeException => $"TLS with {relay} failed: {(failure.InnerException ?? failure).Message}",
            AuthenticationException => $"{relay} refused the login of MW_Smtp__User: {failure.Message}",
            OperationCanceledException or TimeoutException => $"{relay} does not answer: {advice}",
            _ => $"{relay}: {failure.Message}; {advice}",
        };
        return new SendResult(SendOutcome.RelayTrouble, (int?)refused?.StatusCode, text);
    }

    private bool IsTrusted(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None || AlsoTrusts(shown))
            return true;
        var why = chain?.ChainStatus.Select(s => s.Status.ToString()) ?? [];
        badCertificate = $"{shown?.Subject ?? "none"} ({string.Join(", ", why.Prepend(errors.ToString()))})";
        return false;
    }

    private async Task DropAsync()
    {
        if (client.IsConnected)
            await client.DisconnectAsync(quit: false, CancellationToken.None);
    }
}
