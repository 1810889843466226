using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MilestoneWatch.Faults;

/// <summary>Every byte that the sink took, in order: a line of what is known, the bytes as they came over the wire, a line end.</summary>
internal sealed partial class RawLog : IDisposable
{
    private const string Mark = "=== mail";
    private readonly FileStream _file;
    private readonly Lock _gate = new();

    public RawLog(string path)
    {
        Path = path;
        // unbuffered: what was answered with 250 is in the file
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    }

    public string Path { get; }

    /// <param name="connection">The sink's number of the connection.</param>
    /// <param name="recipient">As RCPT named it.</param>
    /// <param name="bytes">The content, dots stuffed, without the final dot's line.</param>
    public void Append(int connection, string recipient, ReadOnlySpan<byte> bytes)
    {
        var at = TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        var head = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{Mark} {at} {connection} {recipient} {MessageIdOf(bytes)} {bytes.Length}\n")
        );
        var record = new byte[head.Length + bytes.Length + 1];
        head.CopyTo(record, 0);
        bytes.CopyTo(record.AsSpan(head.Length));
        record[^1] = (byte)'\n';
        lock (_gate)
        {
            _file.Write(record);
        }
    }

    /// <summary>The mails of a log, in order.</summary>
    public static IEnumerable<LoggedMail> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        var line = new List<byte>(200);
        while (true)
        {
            line.Clear();
            int next;
            while ((next = file.ReadByte()) is not (-1 or '\n'))
            {
                line.Add((byte)next);
            }
            if (next == -1)
            {
                yield break;
            }
            var words = Encoding.UTF8.GetString([.. line]).Split(' ');
            var bytes = new byte[int.Parse(words[^1], CultureInfo.InvariantCulture)];
            file.ReadExactly(bytes);
            file.ReadByte();
            yield return new LoggedMail(words[4], words[5], Convert.ToHexString(SHA256.HashData(bytes)));
        }
    }

    public static string MessageIdOf(ReadOnlySpan<byte> content)
    {
        var end = content.IndexOf("\r\n\r\n"u8);
        var found = MessageId().Match(Encoding.Latin1.GetString(end < 0 ? content : content[..end]));
        return found.Success ? found.Groups["id"].Value : "none";
    }

    public void Dispose() => _file.Dispose();

    [GeneratedRegex(@"^Message-ID:\s*<(?<id>[^>\s]+)>", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex MessageId();
}
