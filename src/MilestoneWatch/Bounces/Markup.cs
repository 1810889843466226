using System.Net;
using System.Text;

namespace MilestoneWatch.Bounces;

/// <summary>The words of an HTML page, a block a line, for reports that come in no other form.</summary>
internal static class Markup
{
    private static readonly string[] Inline = ["b", "i", "u", "a", "em", "strong", "span", "font", "code", "tt", "small"];
    private static readonly string[] Hidden = ["style", "script", "title"];

    public static string Text(string html)
    {
        var text = new StringBuilder(html.Length);
        for (var at = 0; at < html.Length; )
        {
            var open = html.IndexOf('<', at);
            if (open < 0)
            {
                open = html.Length;
            }
            // lines of the source are blanks of the page
            text.Append(html[at..open].Replace('\n', ' '));
            var close = open < html.Length ? html.IndexOf('>', open) : -1;
            if (close < 0)
            {
                break;
            }
            var name = Name(html.AsSpan(open + 1, close - open - 1));
            if (!Inline.Contains(name.TrimStart('/'), StringComparer.OrdinalIgnoreCase))
            {
                text.Append('\n');
            }
            at = close + 1;
            if (Hidden.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                at = html.IndexOf($"</{name}", at, StringComparison.OrdinalIgnoreCase) is >= 0 and var end ? end : html.Length;
            }
        }
        return WebUtility.HtmlDecode(text.ToString());
    }

    private static string Name(ReadOnlySpan<char> tag)
    {
        var start = tag.StartsWith("/") ? 1 : 0;
        var end = tag[start..].IndexOfAny(" \t\n/");
        return (end < 0 ? tag : tag[..(start + end)]).ToString();
    }
}
