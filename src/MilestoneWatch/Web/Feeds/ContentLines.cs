using System.Buffers;
using System.Text;

namespace MilestoneWatch.Web.Feeds;

/// <summary>Writes the lines of an iCalendar file (RFC 5545 §3.1): UTF-8, CRLF, folded at 75 octets, never inside a character.</summary>
/// <remarks>Ours, since Ical.Net 5.2 folds between the halves of an emoji, which then are lost, and takes 3 s for 10,000 events.</remarks>
internal sealed class ContentLines(IBufferWriter<byte> to)
{
    private const int MostOctets = 75;

    /// <summary>A property whose value is no text: a date, a number, an address.</summary>
    public void Write(string name, string value)
    {
        var octets = 0;
        foreach (var part in (ReadOnlySpan<string>)[name, ":", value])
        {
            foreach (var rune in part.EnumerateRunes())
            {
                if (octets + rune.Utf8SequenceLength > MostOctets)
                {
                    to.Write("\r\n "u8);
                    octets = 1;
                }
                octets += rune.EncodeToUtf8(to.GetSpan(4));
                to.Advance(rune.Utf8SequenceLength);
            }
        }
        to.Write("\r\n"u8);
    }

    /// <summary>A property whose value is text, whatever stands in it: no text becomes a line of its own.</summary>
    public void Text(string name, string text) => Write(name, Escaped(text));

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text.ReplaceLineEndings("\n"))
        {
            _ = c switch
            {
                '\n' => escaped.Append("\\n"),
                '\\' or ';' or ',' => escaped.Append('\\').Append(c),
                // no calendar may hold them
                < ' ' and not '\t' or '\x7F' => escaped,
                _ => escaped.Append(c),
            };
        }
        return escaped.ToString();
    }
}
