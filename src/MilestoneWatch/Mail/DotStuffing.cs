using System.Buffers;

namespace MilestoneWatch.Mail;

/// <summary>A dot that begins a line is sent twice (RFC 5321 §4.5.2), so that none passes for the end of the mail.</summary>
internal static class DotStuffing
{
    /// <summary>Writes segments, the first of which begins a line.</summary>
    public static void Write(IBufferWriter<byte> octets, IReadOnlyList<ReadOnlyMemory<byte>> segments)
    {
        var lineBegins = true;
        foreach (var segment in segments)
        {
            var rest = segment.Span;
            while (FirstDot(rest, lineBegins) is var dot and >= 0)
            {
                octets.Write(rest[..(dot + 1)]);
                octets.Write("."u8);
                rest = rest[(dot + 1)..];
                lineBegins = false;
            }
            octets.Write(rest);
            lineBegins = rest.IsEmpty ? lineBegins : rest[^1] == (byte)'\n';
        }
    }

    /// <summary>Where the first line begins that begins with a dot; negative where none does.</summary>
    private static int FirstDot(ReadOnlySpan<byte> text, bool lineBegins) =>
        lineBegins && text.StartsWith("."u8) ? 0
        : text.IndexOf("\n."u8) is var end and >= 0 ? end + 1
        : -1;
}
