using System.Text;

namespace MilestoneWatch.Mail;

/// <summary>Writes text of any script in a header (RFC 2047), folded so that no line passes 78.</summary>
/// <remarks>Our own, since MimeKit passes 78 here and there and lets text that looks like an encoded word become another text.</remarks>
internal static class EncodedWords
{
    public const int Width = 78;
    private const int LongestWord = 75;
    private const string Q = "=?utf-8?q?";
    private const string B = "=?utf-8?b?";

    /// <summary>Unstructured text, as in a subject. <paramref name="used"/> is what stands before it on its line.</summary>
    public static string Text(string text, int used)
    {
        if (text.Length == 0)
            return text;
        if (!IsPlain(text))
            return Encoded(text, used);
        var folded = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (folded.Length > 0)
            {
                var fits = used + 1 + word.Length <= Width;
                folded.Append(fits ? " " : "\r\n ");
                used = fits ? used + 1 : 1;
            }
            folded.Append(word);
            used += word.Length;
        }
        return folded.ToString();
    }

    /// <summary>A display name: a quoted string where that will do.</summary>
    public static string Name(string name, int used)
    {
        if (!IsPlain(name) || used + name.Length + 2 > Width || name.AsSpan().ContainsAny('"', '\\'))
            return Encoded(name, used);
        return name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_') ? name : $"\"{name}\"";
    }

    // blanks at the ends and in rows do not survive folding, nor do words that no line can hold
    private static bool IsPlain(string text) =>
        Ascii.IsValid(text) && !text.Contains("=?", StringComparison.Ordinal) && text.Split(' ').All(word => word.Length is > 0 and < 60);

    private static string Encoded(string text, int used)
    {
        // Q stays legible, and filters mistrust Latin text in base64
        var q = text.Count(char.IsAscii) * 2 > text.Length;
        var words = new StringBuilder();
        var word = new StringBuilder();
        var room = Math.Min(LongestWord, Width - used);
        foreach (var rune in text.EnumerateRunes())
        {
            var grown = word.ToString() + rune;
            if (word.Length > 0 && Word(grown, q).Length > room)
            {
                words.Append(Word(word.ToString(), q)).Append("\r\n ");
                word.Clear();
                room = LongestWord;
            }
            word.Append(rune);
        }
        return words.Append(Word(word.ToString(), q)).ToString();
    }

    private static string Word(string text, bool q)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return q ? $"{Q}{string.Concat(utf8.Select(QuotedOctet))}?=" : $"{B}{Convert.ToBase64String(utf8)}?=";
    }

    // only what RFC 2047 §5 (3) allows in a display name
    private static string QuotedOctet(byte octet) =>
        octet switch
        {
            (byte)' ' => "_",
            _ when char.IsAsciiLetterOrDigit((char)octet) || "!*+-/"u8.Contains(octet) => ((char)octet).ToString(),
            _ => $"={octet:X2}",
        };
}
