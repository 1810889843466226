using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace MilestoneWatch.Tests.Digests;

/// <summary>What every HTML part holds to, shown on all golden mails.</summary>
public sealed partial class HtmlMailTests
{
    public static TheoryData<string> Mails() => [.. Golden.HtmlFiles().Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Mails))]
    public void It_stays_small_enough_never_to_be_clipped(string mail)
    {
        var html = Html(mail);
        Assert.InRange(Encoding.UTF8.GetByteCount(html), 1, 90_000);
        Assert.All(html.Split('\n'), line => Assert.InRange(line.Length, 0, 998));
    }

    [Theory]
    [MemberData(nameof(Mails))]
    public void It_loads_nothing_and_asks_for_nothing(string mail)
    {
        var html = Html(mail);
        foreach (
            var loader in new[]
            {
                "<img",
                "<svg",
                "<video",
                "<script",
                "<link",
                "<iframe",
                "<object",
                "<embed",
                "<form",
                "<input",
                "<button",
                "src=",
                "url(",
                "@import",
                "@font-face",
                "background=",
                "javascript:",
            }
        )
        {
            Assert.DoesNotContain(loader, html, StringComparison.OrdinalIgnoreCase);
        }
        var unlinked = Address().Replace(Link().Replace(html, ""), "");
        Assert.DoesNotContain("://", unlinked, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Mails))]
    public void It_uses_only_what_outlook_and_gmail_know(string mail)
    {
        var html = Html(mail);
        foreach (
            var unknown in new[]
            {
                "position:",
                "display:flex",
                "display:grid",
                "float:",
                ";transform:",
                "var(--",
                "calc(",
                "rgba(",
                "gap:",
            }
        )
        {
            Assert.DoesNotContain(unknown, html.Replace(": ", ":"), StringComparison.OrdinalIgnoreCase);
        }
        // Gmail drops a block of 8,192 characters
        Assert.All(StyleBlock().Matches(html), block => Assert.InRange(block.Length, 1, 4000));
        // Word gives a column its width only by way of a table of its own
        Assert.Contains("<!--[if mso]>\n<table role=\"presentation\" width=\"600\"", html);
        Assert.Contains("<meta name=\"format-detection\"", html);
        // a paragraph without inlined style is in Times in Outlook
        Assert.All(Element().Matches(html), element => Assert.Contains(" style=\"", element.Value));
    }

    [Theory]
    [MemberData(nameof(Mails))]
    public void A_table_is_layout_or_a_picture_in_words(string mail)
    {
        foreach (var table in Table().Matches(Html(mail)).Select(match => match.Value))
        {
            Assert.Matches("role=\"presentation\"|role=\"img\" aria-label=\"[^\"]{20,}\"", table);
        }
    }

    [Theory]
    [MemberData(nameof(Mails))]
    public void Its_headings_skip_no_level(string mail)
    {
        var levels = Heading().Matches(Html(mail)).Select(match => match.Value[2] - '0').ToList();
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1, string.Join(' ', levels)));
        Assert.Equal(1, levels.DefaultIfEmpty(1).First());
    }

    [Theory]
    [MemberData(nameof(Mails))]
    public void It_names_its_language_and_its_news(string mail)
    {
        var html = Html(mail);
        var subject = File.ReadLines(Path.ChangeExtension(PathOf(mail), ".txt"))
            .Single(line => line.StartsWith("Subject: ", StringComparison.Ordinal))[9..];
        Assert.Contains($"<html lang=\"{(mail.StartsWith("fr-", StringComparison.Ordinal) ? "fr" : "en")}\"", html);
        Assert.Equal(subject, WebUtility.HtmlDecode(Title().Match(html).Groups[1].Value));
        Assert.Contains("<meta name=\"color-scheme\" content=\"light dark\"", html);
    }

    [Theory]
    [MemberData(nameof(Mails))]
    public void It_says_the_same_as_the_text_in_the_same_order(string mail)
    {
        var text = File.ReadAllText(Path.ChangeExtension(PathOf(mail), ".txt"));
        var body = text[(text.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
        Assert.Equal(Words(WithoutLabels(body)), Words(Visible(Html(mail))));
    }

    // in text a label stands before each address, in HTML the link's words stand for it
    private static string WithoutLabels(string text) => Label().Replace(text, "");

    private static string Visible(string html)
    {
        var body = WithoutPictures(html[html.IndexOf("<body", StringComparison.Ordinal)..]);
        return WebUtility.HtmlDecode(Tag().Replace(Link().Replace(body, " "), " "));
    }

    // what a picture shows stands in its label, and in the block's words
    private static string WithoutPictures(string body)
    {
        while (body.IndexOf("<table role=\"img\"", StringComparison.Ordinal) is var start and >= 0)
        {
            var depth = 0;
            var end = TableEdge().Matches(body[start..]).First(edge => (depth += edge.Value == "</table>" ? -1 : 1) == 0);
            body = body.Remove(start, end.Index + end.Length);
        }
        return body;
    }

    private static IEnumerable<string> Words(string text) =>
        text.ToUpperInvariant()
            .Split([' ', '\n', '\u00a0'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => !word.StartsWith("HTTP", StringComparison.Ordinal));

    private static string PathOf(string mail) => Golden.HtmlFiles().Single(file => Path.GetFileNameWithoutExtension(file) == mail);

    private static string Html(string mail) => File.ReadAllText(PathOf(mail));

    // "History: https://…" on a line of its own
    [GeneratedRegex("^ *[^\n\"]*: +(?=https?://\\S+$)", RegexOptions.Multiline)]
    private static partial Regex Label();

    [GeneratedRegex("<a class=\"link\" href=\"https://[^\"]*\"[^>]*>.*?</a>", RegexOptions.Singleline)]
    private static partial Regex Link();

    [GeneratedRegex("<a [^>]*href=\"https://[^\"]*\"")]
    private static partial Regex Address();

    [GeneratedRegex("<title>(.*?)</title>")]
    private static partial Regex Title();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("<table[^>]*>")]
    private static partial Regex Table();

    [GeneratedRegex("<table|</table>")]
    private static partial Regex TableEdge();

    [GeneratedRegex("<h[1-6]")]
    private static partial Regex Heading();

    [GeneratedRegex("<(p|h[1-6]|a|body)[ >][^>]*>?")]
    private static partial Regex Element();

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline)]
    private static partial Regex StyleBlock();
}
