using System.Text;

namespace MilestoneWatch.Mail;

/// <summary>Reads a relay's replies (RFC 5321 §4.2), however they are cut into pieces.</summary>
internal sealed class SmtpReplies(Stream stream)
{
    private const int CodeLength = 3;

    // octets; relays that explain themselves at length stay far below
    private readonly byte[] _buffer = new byte[16 << 10];
    private int _begin;
    private int _next;
    private int _end;

    /// <summary>More has come than the reply that was read last.</summary>
    public bool HasMore => _next < _end;

    /// <summary>The words of the reply that was read last, its lines with a blank between them. Good until the next is read.</summary>
    public string Words =>
        string.Join(
            ' ',
            Encoding
                .UTF8.GetString(_buffer.AsSpan(_begin.._next))
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Length > CodeLength ? line[(CodeLength + 1)..].Trim() : "")
        );

    /// <summary>The code of the next reply.</summary>
    /// <exception cref="IOException">The relay hung up, or what it said is no reply.</exception>
    public async ValueTask<int> ReadAsync(CancellationToken ct)
    {
        _begin = _next;
        int code;
        while ((code = Take()) == 0)
        {
            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), ct);
            _end += read > 0 ? read : throw new IOException("The relay hung up");
        }
        return code;
    }

    /// <summary>Moves over the next reply and returns its code; 0 where it has not come whole.</summary>
    private int Take()
    {
        var code = 0;
        for (var at = _begin; _buffer.AsSpan(at, _end - at).IndexOf((byte)'\n') is var length and >= 0; )
        {
            var line = _buffer.AsSpan(at, length).TrimEnd((byte)'\r');
            at += length + 1;
            var said = CodeOf(line);
            code = code == 0 || code == said ? said : throw NoReply();
            if (line.Length == CodeLength || line[CodeLength] == ' ')
            {
                _next = at;
                return code;
            }
        }
        return 0;
    }

    private static int CodeOf(ReadOnlySpan<byte> line) =>
        line.Length >= CodeLength
        && line[0] is >= (byte)'1' and <= (byte)'9'
        && char.IsAsciiDigit((char)line[1])
        && char.IsAsciiDigit((char)line[2])
        && (line.Length == CodeLength || line[CodeLength] is (byte)' ' or (byte)'-')
            ? (100 * (line[0] - '0')) + (10 * (line[1] - '0')) + line[2] - '0'
            : throw NoReply();

    private void MakeRoom()
    {
        if (_begin > 0)
        {
            _buffer.AsSpan(_begin.._end).CopyTo(_buffer);
            (_begin, _next, _end) = (0, 0, _end - _begin);
        }
        if (_end == _buffer.Length)
        {
            throw NoReply();
        }
    }

    private static IOException NoReply() => new("The relay said what is no SMTP reply");
}
