using System.Text;
using MimeKit;

namespace MilestoneWatch.Bounces;

/// <summary>A message taken apart: its own head, what it says, its reports, and the mail that came back with it.</summary>
internal sealed class ReturnedMail
{
    // what follows is a mail's body, never a report
    private const int MostBytes = 1024 * 1024;
    private const int MostText = 48 * 1024;
    private const int MostParts = 100;
    private const int DeepestParts = 20;

    private static readonly ParserOptions Lenient = Options();

    private readonly StringBuilder _text = new();
    private readonly List<string> _reports = [];

    private ReturnedMail(MimeMessage message) => Message = message;

    public MimeMessage Message { get; }

    /// <summary>What it says in text for people, without what a person quotes.</summary>
    public string Text => _text.ToString();

    /// <summary>The text of each delivery-status part.</summary>
    public IReadOnlyList<string> Reports => _reports;

    /// <summary>The text of the feedback report, where there is one.</summary>
    public string? Feedback { get; private set; }

    /// <summary>Whether somebody's program says that it was read, or deleted.</summary>
    public bool IsReceipt { get; private set; }

    /// <summary>The head of the mail that came back; null where none did.</summary>
    public HeaderList? Original { get; private set; }

    /// <summary>Null for what is no message at all.</summary>
    public static ReturnedMail? Read(byte[] bytes)
    {
        var start = Start(bytes);
        using var stream = new MemoryStream(bytes, start, Math.Min(bytes.Length - start, MostBytes), writable: false);
        MimeMessage message;
        try
        {
            message = MimeMessage.Load(Lenient, stream);
        }
        catch (FormatException)
        {
            return null;
        }
        var mail = new ReturnedMail(message);
        mail.Walk();
        return mail;
    }

    private static ParserOptions Options()
    {
        var options = ParserOptions.Default.Clone();
        options.MaxMimeDepth = DeepestParts;
        options.CharsetEncoding = Encoding.UTF8;
        return options;
    }

    // a mailbox file's own first line, a mark of the byte order, blank lines
    private static int Start(byte[] bytes)
    {
        var at = bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? 3 : 0;
        while (at < bytes.Length && bytes[at] is (byte)'\r' or (byte)'\n' or (byte)' ')
        {
            at++;
        }
        var rest = bytes.AsSpan(at);
        if (rest.StartsWith("From "u8) || rest.StartsWith(">From "u8))
        {
            at += rest.IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : 0;
        }
        return at;
    }

    private void Walk()
    {
        var waiting = new Stack<MimeEntity>();
        if (Message.Body is { } body)
        {
            waiting.Push(body);
        }
        string? html = null;
        for (var seen = 0; waiting.Count > 0 && seen < MostParts; seen++)
        {
            switch (waiting.Pop())
            {
                case Multipart parts:
                    IsReceipt |= parts.ContentType.Parameters["report-type"] is "disposition-notification";
                    foreach (var part in parts.Take(MostParts).Reverse())
                    {
                        waiting.Push(part);
                    }
                    break;
                case MessagePart { Message: { } returned }:
                    Original ??= returned.Headers;
                    break;
                case MimePart part:
                    Take(part, ref html);
                    break;
                default:
                    break;
            }
        }
        if (string.IsNullOrWhiteSpace(Text) && html is not null)
        {
            Append(Markup.Text(html));
        }
    }

    private void Take(MimePart part, ref string? html)
    {
        var type = part.ContentType;
        if (type.IsMimeType("message", "delivery-status") || type.IsMimeType("message", "global-delivery-status"))
        {
            _reports.Add(Decoded(part));
        }
        else if (type.IsMimeType("message", "feedback-report"))
        {
            Feedback ??= Decoded(part);
        }
        else if (type.IsMimeType("message", "disposition-notification") || type.IsMimeType("message", "global-disposition-notification"))
        {
            IsReceipt = true;
        }
        else if (
            type.IsMimeType("text", "rfc822-headers")
            || type.IsMimeType("text", "rfc822-header")
            || type.IsMimeType("message", "global-headers")
            || type.IsMimeType("message", "*")
        )
        {
            Original ??= Headers(Decoded(part));
        }
        else if (type.IsMimeType("text", "html"))
        {
            html ??= Decoded(part);
        }
        else if (type.IsMimeType("text", "*") && (!part.IsAttachment || _text.Length == 0))
        {
            Append(Decoded(part));
        }
    }

    private void Append(string text)
    {
        if (_text.Length < MostText)
        {
            _text.Append(text, 0, Math.Min(text.Length, MostText - _text.Length)).Append('\n');
        }
    }

    private static string Decoded(MimePart part)
    {
        if (part.Content is null)
        {
            return "";
        }
        using var memory = new MemoryStream();
        part.Content.DecodeTo(memory);
        var bytes = memory.GetBuffer().AsSpan(0, (int)Math.Min(memory.Length, 2 * MostText));
        return In(part.ContentType.Charset, bytes).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Replace('\0', ' ');
    }

    private static string In(string? charset, ReadOnlySpan<byte> bytes)
    {
        // whatever is UTF-8 is that, whatever it says; but what shifts between alphabets looks like ASCII
        if (charset?.StartsWith("iso-2022", StringComparison.OrdinalIgnoreCase) is not true && System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }
        try
        {
            var name = charset ?? "windows-1252";
            return (CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name)).GetString(bytes);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    /// <summary>A mail's head as text; null for what is none.</summary>
    public static HeaderList? Headers(string text)
    {
        try
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text.TrimStart() + "\n\n"));
            return HeaderList.Load(Lenient, stream, CancellationToken.None) is { Count: > 0 } headers ? headers : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
