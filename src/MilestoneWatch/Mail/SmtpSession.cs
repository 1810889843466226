using System.Net.Sockets;
using System.Text;

namespace MilestoneWatch.Mail;

/// <summary>
/// Hands mails to a relay that MailKit has connected to, secured and logged in to, each to one recipient (RFC 5321 §3.3). Where the relay offers
/// PIPELINING, DATA goes in one group with MAIL and RCPT (RFC 2920 §3.1): two round trips a mail, not three. Content leaves only after the relay
/// took the recipient and said 354.
/// </summary>
internal sealed class SmtpSession(Stream stream, bool pipelining)
{
    private const int StartMailInput = 354;

    /// <summary>Octets that leave together with the final dot; what is before them leaves before.</summary>
    private const int Tail = 64 << 10;

    /// <summary>Octets that are kept for the next mail; what a longer one took is given back.</summary>
    private const int Kept = 256 << 10;

    private readonly SmtpReplies _replies = new(stream);
    private MemoryStream _content = new(Tail / 4);

    /// <summary>The next mail can go over this connection: the relay is there, and nothing of the last mail is open.</summary>
    public bool IsReady { get; private set; } = true;

    /// <summary>Sends one mail as far as the relay takes it.</summary>
    /// <param name="from">The return path as MAIL has it, in angle brackets and with its parameters.</param>
    /// <param name="to">The recipient as RCPT has it, in angle brackets.</param>
    /// <param name="mail">What to send.</param>
    /// <param name="gate">Lets content begin, and is told before its end leaves.</param>
    /// <exception cref="IOException">The relay hung up, or cannot be understood.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    /// <exception cref="OperationCanceledException">The gate was shut, or its time is over.</exception>
    public async Task<SmtpAnswer> SendAsync(string from, string to, ComposedMail mail, SendGate gate)
    {
        IsReady = false;
        ThrowIfOutOfStep();
        if (await EnvelopeAsync([$"MAIL FROM:{from}\r\n", $"RCPT TO:{to}\r\n", "DATA\r\n"], gate.Token) is { } refused)
        {
            IsReady = await RecoverAsync(refused, gate.Token);
            return refused;
        }
        ThrowIfOutOfStep();
        await WriteContentAsync(mail, gate);
        var taken = new SmtpAnswer(SmtpStep.Content, await _replies.ReadAsync(gate.Token), _replies.Words);
        IsReady = taken.Code / 100 == 2 || await RecoverAsync(taken, gate.Token);
        return taken;
    }

    /// <summary>Returns what the relay refused; null where it waits for content.</summary>
    private async ValueTask<SmtpAnswer?> EnvelopeAsync(string[] commands, CancellationToken ct)
    {
        if (pipelining)
        {
            await WriteAsync(string.Concat(commands), ct);
        }
        for (var step = SmtpStep.Mail; step <= SmtpStep.Data; step++)
        {
            if (!pipelining)
            {
                await WriteAsync(commands[(int)step], ct);
            }
            var code = await _replies.ReadAsync(ct);
            if (step == SmtpStep.Data ? code != StartMailInput : code / 100 != 2)
            {
                return new SmtpAnswer(step, code, _replies.Words);
            }
        }
        return null;
    }

    /// <summary>Takes the answers to what went with a refused command, and has the mail forgotten. Returns whether the next can begin.</summary>
    private async ValueTask<bool> RecoverAsync(SmtpAnswer refused, CancellationToken ct)
    {
        if (refused.Code == SmtpVerdict.ServiceNotAvailable)
        {
            return false;
        }
        try
        {
            if (pipelining && refused.Step < SmtpStep.Data)
            {
                var recipient = refused.Step == SmtpStep.Rcpt ? refused.Code : await _replies.ReadAsync(ct);
                if (await _replies.ReadAsync(ct) == StartMailInput)
                {
                    // 354 to nobody asks for a dot (RFC 2920 §3.1); with a recipient, a dot would deliver an empty mail
                    if (recipient is < 400 or >= 600)
                    {
                        return false;
                    }
                    await WriteAsync(".\r\n", ct);
                    await _replies.ReadAsync(ct);
                }
            }
            ThrowIfOutOfStep();
            await WriteAsync("RSET\r\n", ct);
            return await _replies.ReadAsync(ct) / 100 == 2;
        }
        catch (Exception e) when (e is IOException or SocketException or TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private async ValueTask WriteContentAsync(ComposedMail mail, SendGate gate)
    {
        gate.BeginContent();
        if (_content.Capacity > Kept)
        {
            await _content.DisposeAsync();
            _content = new MemoryStream(Kept);
        }
        _content.SetLength(0);
        _content.Write(mail.Headers.Span);
        _content.Write("\r\n"u8);
        DotStuffing.Write(_content, mail.Body);
        _content.Write(".\r\n"u8);
        var octets = _content.GetBuffer().AsMemory(0, (int)_content.Length);
        var before = Math.Max(0, octets.Length - Tail);
        if (before > 0)
        {
            await stream.WriteAsync(octets[..before], gate.Token);
        }
        gate.EndContent();
        await stream.WriteAsync(octets[before..], gate.Token);
        await stream.FlushAsync(gate.Token);
    }

    private async ValueTask WriteAsync(string commands, CancellationToken ct)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(commands), ct);
        await stream.FlushAsync(ct);
    }

    // what has come unasked would pass for the answer to what is said next
    private void ThrowIfOutOfStep()
    {
        if (_replies.HasMore)
        {
            throw new IOException("The relay's replies are not those to our commands, and the connection was given up");
        }
    }
}
