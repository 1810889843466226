using System.Globalization;
using System.Text;

namespace MilestoneWatch.Mail;

/// <summary>Lines of a mail's text part, 72 columns wide.</summary>
internal static class PlainText
{
    private const int Width = 72;

    /// <summary>Breaks at plain spaces only: a no-break space keeps "30 September" together. A long word (an address) is never cut.</summary>
    public static void Wrapped(StringBuilder text, string sentence, string first, string rest)
    {
        var line = new StringBuilder(first);
        var filled = false;
        foreach (var word in sentence.ReplaceLineEndings(" ").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (filled && Columns(line) + 1 + word.Length > Width)
            {
                Line(text, line.ToString());
                line.Clear().Append(rest);
                filled = false;
            }
            line.Append(filled ? " " : "").Append(word);
            filled = true;
        }
        Line(text, line.ToString());
    }

    private static int Columns(StringBuilder line) => new StringInfo(line.ToString()).LengthInTextElements;

    public static void Line(StringBuilder text, string line) => text.Append(line.TrimEnd()).Append('\n');

    /// <summary>An empty line, unless it would be the first.</summary>
    public static void Blank(StringBuilder text)
    {
        if (text.Length > 0)
        {
            text.Append('\n');
        }
    }
}
