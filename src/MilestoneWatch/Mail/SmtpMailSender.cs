using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace MilestoneWatch.Mail;

/// <summary>One connection to the relay, opened at the first mail, kept, and opened again when it was dropped.</summary>
internal sealed class SmtpMailSender : IMailSender
{
    private readonly SmtpOptions options;
    private readonly SmtpTimeouts timeouts;
    private readonly SmtpClient client;
    private WireStream? wire;
    private SmtpSession? session;
    private bool asksAhead = true;
    private string? badCertificate;

    /// <param name="localDomain">Our EHLO name: the From domain, never the machine's name.</param>
    public SmtpMailSender(SmtpOptions options, string localDomain, SmtpTimeouts? timeouts = null)
    {
        this.options = options;
        this.timeouts = timeouts ?? SmtpTimeouts.Default;
        client = new SmtpClient
        {
            LocalDomain = localDomain,
            ServerCertificateValidationCallback = IsTrusted,
            // as other relays do: a certificate authority that is down must not stop the mail
            CheckCertificateRevocation = false,
        };
    }

    /// <summary>Certificates to take although the machine does not trust them. For tests.</summary>
    internal Func<X509Certificate?, bool> AlsoTrusts { get; init; } = _ => false;

    public async Task<SendResult> SendAsync(ComposedMail mail, ComposedMail? next, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        // the relay waits for another mail's content, which is not to be sent after all
        if (session?.Ahead is { } other && !ReferenceEquals(other.Mail, mail))
            await DropAsync();
        for (var fresh = session is null; ; fresh = true)
        {
            if (session is null && await ConnectAsync(ct) is { } trouble)
                return trouble;
            var ahead = session!.Ahead;
            SendResult? refusal = null;
            if ((ahead ?? Addressed(mail, out refusal)) is not { } addressed)
                return refusal!;
            var behind = asksAhead && next is not null ? Addressed(next, out _) : null;
            using var gate = new SendGate(timeouts, Allow, ct);
            try
            {
                var answer = await session.SendAsync(addressed, behind, gate);
                var unwanted = ahead is not null && answer is { Step: SmtpStep.Mail, Code: >= 500 and not SmtpVerdict.ExceededStorage };
                asksAhead &= !unwanted;
                // it had enough of the connection, or of being asked ahead, and not of this mail
                var again = unwanted || answer is { Step: not SmtpStep.Content, Code: SmtpVerdict.ServiceNotAvailable };
                if (fresh || !again)
                    return SmtpVerdict.Of(answer);
            }
            catch (OperationCanceledException) when (gate.CancelledByCaller)
            {
                throw new OperationCanceledException(ct);
            }
            catch (Exception e)
                when (!fresh && !gate.ContentBegun && (e is IOException or SocketException || (ahead is not null && IsSilence(e))))
            {
                // lost before any content of this mail, so that it does not pay for it
                asksAhead &= ahead is null || !IsSilence(e);
            }
            catch (Exception e) when (SmtpVerdict.Of(e, gate) is { } verdict)
            {
                asksAhead &= ahead is null && behind is null || !IsSilence(e);
                return verdict;
            }
            finally
            {
                if (session is not { IsReady: true })
                    await DropAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            if (client.IsConnected)
                await client.DisconnectAsync(quit: session is { Ahead: null }, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // a relay that does not say goodbye
        }
        client.Dispose();
    }

    /// <summary>A mail as this relay takes it; null for what can be refused without giving it to the relay.</summary>
    private AddressedMail? Addressed(ComposedMail mail, out SendResult? refusal)
    {
        refusal = null;
        if (!Mailbox.TryRead(mail.EnvelopeFrom, out var from) || !Mailbox.TryRead(mail.Recipient, out var to))
            refusal = Refused("The return path or the recipient is not one bare address");
        else if (!to.IsAscii && !client.Capabilities.HasFlag(SmtpCapabilities.UTF8))
            refusal = Refused($"The relay {options.Host} has no SMTPUTF8, which this address needs");
        else if (client.MaxSize > 0 && mail.Size > client.MaxSize)
            refusal = Refused($"The mail has {mail.Size} octets; the relay {options.Host} takes {client.MaxSize}");
        else
        {
            var size = client.Capabilities.HasFlag(SmtpCapabilities.Size) ? $" SIZE={mail.Size}" : "";
            // only for those who need it: relays behind this one may refuse it
            var utf8 = to.IsAscii ? "" : " SMTPUTF8";
            return new AddressedMail(mail, $"<{from.Address}>{size}{utf8}", $"<{to.Address}>");
        }
        return null;
    }

    /// <summary>The relay may have lost what came behind a content, and wait for it.</summary>
    private static bool IsSilence(Exception e) =>
        e is TimeoutException or OperationCanceledException || e.InnerException is TimeoutException;

    private void Allow(TimeSpan wait)
    {
        if (wire is not null)
            wire.ReadTimeout = wire.WriteTimeout = (int)wait.TotalMilliseconds;
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
            wire = new WireStream(socket);
            await client.ConnectAsync(wire, options.Host, options.Port, Security, deadline.Token);
            if (await options.CredentialsAsync(deadline.Token) is { } login)
                await client.AuthenticateAsync(Encoding.UTF8, login, deadline.Token);
            session = new SmtpSession(wire, MailKitStream.Of(client), client.Capabilities.HasFlag(SmtpCapabilities.Pipelining));
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
        session = null;
        if (client.IsConnected)
            await client.DisconnectAsync(quit: false, CancellationToken.None);
    }
}
