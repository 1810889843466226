using System.Buffers;
using System.Net.Sockets;
using System.Text;

namespace MilestoneWatch.Mail;

/// <summary>
/// Hands mails to a relay that MailKit has connected to, secured and logged in to, each to one recipient (RFC 5321 §3.3). Where the relay offers
/// PIPELINING, MAIL, RCPT and DATA go in one group, behind the content of the mail before, as RFC 2920 §3.1 allows: one round trip a mail, not four.
/// Content leaves only when its mail is to be sent, and after the relay took the recipient and said 354.
/// </summary>
/// <param name="wire">The connection.</param>
/// <param name="stream">The same, TLS undone.</param>
/// <param name="pipelining">The relay offers it.</param>
internal sealed class SmtpSession(WireStream wire, Stream stream, bool pipelining)
{
    private const int StartMailInput = 354;

    /// <summary>Octets that leave together with the final dot; what is before them leaves before.</summary>
    private const int Tail = 64 << 10;

    /// <summary>Octets that are kept for the next mail; what a longer one took is given back.</summary>
    private const int Kept = 256 << 10;

    private readonly SmtpReplies _replies = new(stream);
    private ArrayBufferWriter<byte> _content = new(Tail / 4);

    /// <summary>A mail can go over this connection: the relay is there, and nothing of the last mail is open.</summary>
    public bool IsReady { get; private set; } = true;

    /// <summary>The one mail that may go then, since its envelope went with the last one's content; null where any may.</summary>
    public AddressedMail? Ahead { get; private set; }

    /// <summary>Sends one mail as far as the relay takes it.</summary>
    /// <param name="mail">What to send.</param>
    /// <param name="next">What is meant to be sent after it, if that is known.</param>
    /// <param name="gate">Lets content begin, and is told before its end leaves.</param>
    /// <exception cref="IOException">The relay hung up, or cannot be understood.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    /// <exception cref="OperationCanceledException">The gate was shut, or its time is over.</exception>
    public async Task<SmtpAnswer> SendAsync(AddressedMail mail, AddressedMail? next, SendGate gate)
    {
        IsReady = false;
        var asked = ReferenceEquals(Ahead, mail);
        if (!asked && Ahead is not null)
        {
            throw OutOfStep();
        }
        Ahead = null;
        if (await RefusedAsync(mail, asked, gate.Token) is { } refused)
        {
            IsReady = await RecoverAsync(refused, gate.Token);
            return refused;
        }
        next = pipelining ? next : null;
        await WriteContentAsync(mail.Mail, next, gate);
        var taken = new SmtpAnswer(SmtpStep.Content, await _replies.ReadAsync(gate.Token), _replies.Words);
        if (next is null)
        {
            IsReady = taken.Code / 100 == 2 || await RecoverAsync(taken, gate.Token);
        }
        else
        {
            (IsReady, Ahead) = (taken.Code / 100 is 2 or 4 or 5 && taken.Code != SmtpVerdict.ServiceNotAvailable, next);
        }
        return taken;
    }

    /// <summary>What the relay refuses before content; null where it waits for that.</summary>
    private async ValueTask<SmtpAnswer?> RefusedAsync(AddressedMail mail, bool asked, CancellationToken ct)
    {
        if (!asked)
        {
            ThrowIfOutOfStep();
        }
        string[] commands = asked ? [] : Commands(mail);
        if (pipelining && !asked)
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
        // the relay may have waited for its turn, and have hung up meanwhile: no content would be answered any more
        if (asked && wire.HasInput)
        {
            throw OutOfStep();
        }
        ThrowIfOutOfStep();
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
            if (pipelining && refused.Step == SmtpStep.Mail)
            {
                await _replies.ReadAsync(ct);
            }
            if (pipelining && refused.Step < SmtpStep.Data && await _replies.ReadAsync(ct) == StartMailInput)
            {
                // 354 to nobody asks for a dot (RFC 2920 §3.1); with any other recipient, a dot would deliver an empty mail
                if (refused is not { Step: SmtpStep.Rcpt, Code: >= 400 and < 600 })
                {
                    return false;
                }
                await WriteAsync(".\r\n", ct);
                await _replies.ReadAsync(ct);
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

    private async ValueTask WriteContentAsync(ComposedMail mail, AddressedMail? next, SendGate gate)
    {
        gate.BeginContent();
        if (_content.Capacity > Kept)
        {
            _content = new ArrayBufferWriter<byte>(Kept);
        }
        _content.ResetWrittenCount();
        _content.Write(mail.Headers.Span);
        _content.Write("\r\n"u8);
        DotStuffing.Write(_content, mail.Body);
        _content.Write(".\r\n"u8);
        if (next is not null)
        {
            _content.Write(Encoding.UTF8.GetBytes(string.Concat(Commands(next))));
        }
        var octets = _content.WrittenMemory;
        var before = Math.Max(0, octets.Length - Tail);
        if (before > 0)
        {
            await stream.WriteAsync(octets[..before], gate.Token);
        }
        gate.EndContent();
        await stream.WriteAsync(octets[before..], gate.Token);
        await stream.FlushAsync(gate.Token);
    }

    private static string[] Commands(AddressedMail mail) => [$"MAIL FROM:{mail.From}\r\n", $"RCPT TO:{mail.To}\r\n", "DATA\r\n"];

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
            throw OutOfStep();
        }
    }

    private static IOException OutOfStep() => new("The relay's replies are not those to our commands, and the connection was given up");
}
