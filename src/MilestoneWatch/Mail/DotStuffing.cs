namespace MilestoneWatch.Mail;

/// <summary>A dot that begins a line is sent twice (RFC 5321 §4.5.2), so that none passes for the end of the mail.</summary>
internal static class DotStuffing
{
    private static readonly byte[] Dot = "."u8.ToArray();

    /// <summary>Writes segments, the first of which begins a line.</summary>
    public static async ValueTask WriteAsync(Stream stream, IReadOnlyList<ReadOnlyMemory<byte>> segments, CancellationToken ct)
    {
        var lineBegins = true;
        foreach (var segment in segments)
        {
            var rest = segment;
            while (FirstDot(rest.Span, lineBegins) is var dot and >= 0)
            {
                var after = dot + 1;
                await stream.WriteAsync(rest[..after], ct);
                await stream.WriteAsync(Dot, ct);
                (rest, lineBegins) = (rest[after..], false);
            }
            await stream.WriteAsync(rest, ct);
            lineBegins = rest.IsEmpty ? lineBegins : rest.Span[^1] == (byte)'\n';
        }
    }

    /// <summary>Where the first line begins that begins with a dot; negative where none does.</summary>
    private static int FirstDot(ReadOnlySpan<byte> text, bool lineBegins) =>
        lineBegins && text.StartsWith("."u8) ? 0
        : text.IndexOf("\n."u8) is var end and >= 0 ? end + 1
        : -1;
}
