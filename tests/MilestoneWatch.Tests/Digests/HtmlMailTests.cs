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
    public void It_loads_nothing(string mail)
    {
        var html = Html(mail);
        foreach (var loader in new[] { "<img", "<script", "<link", "<iframe", "src=", "url(", "@import", "background=" })
        {
            Assert.DoesNotContain(loader, html, StringComparison.OrdinalIgnoreCase);
        }
        var unlinked = Address().Replace(Link().Replace(html, ""), "");
        Assert.DoesNotContain("://", unlinked, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Mails))]
    public void It_names_its_language_and_its_news(string mail)
    {
        var html = Html(mail);
        var subject = File.ReadLines(Path.ChangeExtension(PathOf(mail), ".txt"))
            .Single(line => line.StartsWith("Subject: ", StringComparison.Ordinal))[9..];
        Assert.Contains("<html lang=\"en\"", html);
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
    private static string WithoutLabels(string text) => text.Replace("History: http", "http").Replace("Settings or leave: http", "http");

    private static string Visible(string html)
    {
        var body = html[html.IndexOf("<body", StringComparison.Ordinal)..];
        return WebUtility.HtmlDecode(Tag().Replace(Link().Replace(body, " "), " "));
    }

    private static IEnumerable<string> Words(string text) =>
        text.ToUpperInvariant()
            .Split([' ', '\n', '\u00a0'], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => !word.StartsWith("HTTP", StringComparison.Ordinal));

    private static string PathOf(string mail) => Golden.HtmlFiles().Single(file => Path.GetFileNameWithoutExtension(file) == mail);

    private static string Html(string mail) => File.ReadAllText(PathOf(mail));

    [GeneratedRegex(
        "<a [^>]*href=\"https://[^\"]*\"[^>]*>(Its history, as of this mail|History|Settings or leave|Confirm the subscription|https?://[^<]*)</a>"
    )]
    private static partial Regex Link();

    [GeneratedRegex("<a [^>]*href=\"https://[^\"]*\"")]
    private static partial Regex Address();

    [GeneratedRegex("<title>(.*?)</title>")]
    private static partial Regex Title();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
