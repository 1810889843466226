using System.Buffers;

namespace MilestoneWatch.Mail;

/// <summary>Quoted-printable (RFC 2045 §6.7) in pieces that can be joined.</summary>
/// <remarks>
/// A piece starts at the start of a line and, unless it is the last of its part, ends at one, by a soft break where need be.
/// So pieces encoded at different times by different versions concatenate to what one pass would have meant.
/// </remarks>
internal static class QuotedPrintable
{
    // 76 with the "=" of a soft break
    private const int Width = 75;

    public static void Append(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> utf8, bool continues)
    {
        var column = 0;
        for (var i = 0; i < utf8.Length; i++)
        {
            var octet = utf8[i];
            if (octet is (byte)'\r' or (byte)'\n')
            {
                if (octet == '\r' && i + 1 < utf8.Length && utf8[i + 1] == '\n')
                    i++;
                output.Write("\r\n"u8);
                column = 0;
                continue;
            }
            if (column + (IsLiteral(utf8, i) ? 1 : 3) > Width)
            {
                output.Write("=\r\n"u8);
                column = 0;
            }
            if (IsLiteral(utf8, i) && !(column == 0 && IsFragileAtLineStart(utf8[i..])))
            {
                output.Write([octet]);
                column++;
            }
            else
            {
                output.Write([(byte)'=', Hex(octet >> 4), Hex(octet & 15)]);
                column += 3;
            }
        }
        if (continues && column > 0)
            output.Write("=\r\n"u8);
    }

    private static bool IsLiteral(ReadOnlySpan<byte> utf8, int i) =>
        utf8[i] switch
        {
            (byte)'=' => false,
            // a space that ends a line is dropped on the way by some relays
            (byte)' ' or (byte)'\t' => i + 1 < utf8.Length && utf8[i + 1] is not ((byte)'\r' or (byte)'\n'),
            > 32 and < 127 => true,
            _ => false,
        };

    // dot-stuffing is undone too often or not at all, and mbox writers turn "From " into ">From "
    private static bool IsFragileAtLineStart(ReadOnlySpan<byte> rest) => rest[0] == '.' || rest.StartsWith("From "u8);

    private static byte Hex(int nibble) => "0123456789ABCDEF"u8[nibble];
}
