using System.Globalization;
using System.Text;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Characters that no record may hold: they break a database connection, a mail header, or a reader's trust in what they see.</summary>
internal static class Characters
{
    private const int Most = 500;
    private const char Stand = '\uFFFD';

    /// <summary>The text with each forbidden character replaced, so that parser and editor agree on lines, and where the first 500 were (1-based line).</summary>
    public static (string Text, List<(int Line, string What)> Found) Clean(string text)
    {
        var found = new List<(int, string)>();
        StringBuilder? clean = null;
        var line = 1;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n' || (c == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
                line++;
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
                continue;
            }
            if (c is '\n' or '\r' or '\t' || What(c) is not { } what)
                continue;
            if (found.Count < Most)
                found.Add((line, what));
            (clean ??= new(text))[i] = Stand;
        }
        return (clean?.ToString() ?? text, found);
    }

    /// <summary>The text as a file may hold it: what no file may hold is a space. Null where nothing is left.</summary>
    public static string? Allowed(string? text, bool lines)
    {
        if (text is null)
            return null;
        var allowed = text.ReplaceLineEndings("\n").ToCharArray();
        for (var i = 0; i < allowed.Length; i++)
        {
            var c = allowed[i];
            if (char.IsHighSurrogate(c) && i + 1 < allowed.Length && char.IsLowSurrogate(allowed[i + 1]))
                i++;
            else if (!(c == '\n' && lines) && What(c) is not null)
                allowed[i] = ' ';
        }
        var kept = new string(allowed).Trim();
        return kept.Length == 0 ? null : kept;
    }

    private static string? What(char c)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}");
        return c switch
        {
            '\0' => "a NUL character (U+0000)",
            Stand => "a character that could not be decoded (U+FFFD); save the file as UTF-8",
            >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' => $"a character that reverses the direction of text ({name})",
            '\u2028' or '\u2029' or '\uFEFF' => $"an invisible character ({name})",
            _ when char.IsSurrogate(c) => $"half of a character ({name})",
            _ when char.IsControl(c) => $"a control character ({name})",
            _ => null,
        };
    }
}
