using System.Buffers;
using System.Text;
using MilestoneWatch.Domain.Digests;
using MilestoneWatch.Mail;

namespace MilestoneWatch.Digests;

/// <summary>Finds how much of a digest fits a mail that no mailbox clips.</summary>
internal static class DigestFit
{
    /// <summary>
    /// Bytes of an HTML part, as sent. Gmail clips near 102 kB, and whether it counts before or after decoding is nowhere said: the encoded
    /// part is the longer one, so both are below.
    /// </summary>
    public const int Limit = 90_000;

    /// <summary>Bytes left to what is personal, which stands in the template as short markers.</summary>
    private const int Personal = 2_000;

    /// <summary>When not all of it fits, only the weightiest news keep their charts: words come before pictures.</summary>
    private const int Charts = 3;

    /// <summary>As much as fits: lists are shortened only where not even one block has room beside them.</summary>
    public static async Task<(DigestCut Cut, string Html)> Async(DigestView view, Func<DigestCut, Task<string>> html)
    {
        var all = Math.Min(DigestCut.Blocks(view), DigestCut.MostBlocks);
        var most = DigestCut.Of(view, all, DigestCut.MostLines, all);
        var whole = await html(most);
        if (Fits(whole))
        {
            return (most, whole);
        }
        foreach (var lines in (int[])[DigestCut.MostLines, DigestCut.MostLines / 4, 0])
        {
            (DigestCut, string)? best = null;
            for (var (low, high) = (Math.Min(1, all), all); low <= high; )
            {
                var middle = best is null ? low : (low + high) / 2;
                var cut = DigestCut.Of(view, middle, lines, Charts);
                var tried = await html(cut);
                if (!Fits(tried))
                {
                    high = middle - 1;
                    continue;
                }
                best = (cut, tried);
                low = middle + 1;
            }
            if (best is { } found)
            {
                return found;
            }
        }
        throw new InvalidOperationException($"not even one block of a digest fits {Limit} bytes");
    }

    private static bool Fits(string html)
    {
        var encoded = new ArrayBufferWriter<byte>(html.Length);
        QuotedPrintable.Append(encoded, Encoding.UTF8.GetBytes(html), continues: false);
        return encoded.WrittenCount <= Limit - Personal;
    }
}
