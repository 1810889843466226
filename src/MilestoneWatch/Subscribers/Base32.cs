namespace MilestoneWatch.Subscribers;

/// <summary>RFC 4648's base 32 in lower case without padding: it survives mail systems that change the case of addresses.</summary>
internal static class Base32
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz234567";

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[((bytes.Length * 8) + 4) / 5];
        for (var i = 0; i < text.Length; i++)
        {
            var bit = i * 5;
            var pair = (bytes[bit / 8] << 8) | (bit / 8 + 1 < bytes.Length ? bytes[(bit / 8) + 1] : 0);
            text[i] = Letters[(pair >> (11 - (bit % 8))) & 31];
        }
        return new string(text);
    }

    /// <summary>Fills <paramref name="bytes"/>; false for another length, another letter, or stray bits at the end.</summary>
    public static bool TryDecode(string text, Span<byte> bytes)
    {
        if (text.Length != ((bytes.Length * 8) + 4) / 5)
        {
            return false;
        }
        bytes.Clear();
        for (var i = 0; i < text.Length; i++)
        {
            var value = Letters.IndexOf(char.ToLowerInvariant(text[i]), StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }
            var bit = i * 5;
            var pair = value << (11 - (bit % 8));
            bytes[bit / 8] |= (byte)(pair >> 8);
            if (bit / 8 + 1 < bytes.Length)
            {
                bytes[(bit / 8) + 1] |= (byte)(pair & 0xff);
            }
            else if ((pair & 0xff) != 0)
            {
                return false;
            }
        }
        return true;
    }
}
