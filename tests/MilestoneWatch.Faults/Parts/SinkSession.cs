using System.Net.Sockets;
using System.Text;

namespace MilestoneWatch.Faults;

/// <summary>One connection to the sink.</summary>
internal sealed class SinkSession(Sink sink, int number, Socket socket)
{
    private readonly byte[] _buffer = new byte[32768];
    private int _start;
    private int _end;
    private string _sender = "";
    private string _recipient = "";
    private Trouble _trouble;

    public async Task RunAsync(CancellationToken ct)
    {
        await SayAsync("220 sink.test ESMTP", ct);
        while (await LineAsync(ct) is { } line)
        {
            var verb = line.Split(' ', ':')[0].ToUpperInvariant();
            if (verb == "QUIT")
            {
                await SayAsync("221 bye", ct);
                return;
            }
            if (!await AnswerAsync(verb, line, ct))
            {
                return;
            }
        }
    }

    /// <summary>False: hung up.</summary>
    private async Task<bool> AnswerAsync(string verb, string line, CancellationToken ct)
    {
        switch (verb)
        {
            case "EHLO":
                _sender = line[5..];
                await SayAsync("250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 10000000", ct);
                return true;
            case "RCPT":
                return await RecipientAsync(line, ct);
            case "DATA":
                return await ContentAsync(ct);
            default:
                await SayAsync("250 2.0.0 ok", ct);
                return true;
        }
    }

    private async Task<bool> RecipientAsync(string line, CancellationToken ct)
    {
        _recipient = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.LastIndexOf('>')];
        _trouble = sink.TroubleFor(_recipient);
        if (_trouble == Trouble.HangAtRecipient)
        {
            await Task.Delay(sink.Hang, TimeProvider.System, ct);
            return false;
        }
        if (_trouble == Trouble.DropAtRecipient)
        {
            return false;
        }
        await SayAsync(
            _trouble switch
            {
                Trouble.TemporaryAtRecipient => "450 4.2.1 mailbox busy",
                Trouble.PermanentAtRecipient => "550 5.1.1 no such user",
                _ => "250 2.1.5 recipient ok",
            },
            ct
        );
        return true;
    }

    private async Task<bool> ContentAsync(CancellationToken ct)
    {
        if (_trouble is Trouble.TemporaryAtRecipient or Trouble.PermanentAtRecipient)
        {
            await SayAsync("503 5.5.1 no recipient", ct);
            return true;
        }
        if (_trouble is Trouble.TemporaryAtData or Trouble.PermanentAtData)
        {
            await SayAsync(_trouble == Trouble.TemporaryAtData ? "451 4.3.0 not now" : "554 5.7.1 never", ct);
            return true;
        }
        await SayAsync("354 go on", ct);
        if (await DottedAsync(_trouble == Trouble.DropInContent, ct) is not { } content || _trouble == Trouble.DropBeforeTaking)
        {
            return false;
        }
        if (_trouble is Trouble.TemporaryAtDot or Trouble.PermanentAtDot)
        {
            await SayAsync(_trouble == Trouble.TemporaryAtDot ? "452 4.3.1 no room" : "554 5.6.0 refused", ct);
            return true;
        }
        sink.Take(number, _sender, _recipient, content.Span);
        if (_trouble == Trouble.DropAfterTaking)
        {
            return false;
        }
        if (_trouble == Trouble.HangAtDot)
        {
            await Task.Delay(sink.Hang, TimeProvider.System, ct);
        }
        await SayAsync("250 2.0.0 taken", ct);
        return true;
    }

    /// <summary>Up to the final dot; null when it does not come. What is behind it is the next mail's.</summary>
    private async Task<ReadOnlyMemory<byte>?> DottedAsync(bool dropInIt, CancellationToken ct)
    {
        var content = new MemoryStream();
        content.Write(_buffer, _start, _end - _start);
        (_start, _end) = (0, 0);
        int dot;
        while ((dot = Span(content).IndexOf("\r\n.\r\n"u8)) < 0)
        {
            var read = await socket.ReceiveAsync(_buffer, ct);
            if (read == 0 || dropInIt)
            {
                return null;
            }
            content.Write(_buffer, 0, read);
        }
        var behind = Span(content)[(dot + 5)..];
        behind.CopyTo(_buffer);
        _end = behind.Length;
        return content.GetBuffer().AsMemory(0, dot + 2);

        static ReadOnlySpan<byte> Span(MemoryStream stream) => stream.GetBuffer().AsSpan(0, (int)stream.Length);
    }

    private Task SayAsync(string reply, CancellationToken ct) =>
        socket.SendAsync(Encoding.ASCII.GetBytes(reply + "\r\n").AsMemory(), ct).AsTask();

    private async Task<string?> LineAsync(CancellationToken ct)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _start, length);
                _start += length + 2;
                return line;
            }
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var read = _end == _buffer.Length ? 0 : await socket.ReceiveAsync(_buffer.AsMemory(_end), ct);
            if (read == 0)
            {
                return null;
            }
            _end += read;
        }
    }
}
