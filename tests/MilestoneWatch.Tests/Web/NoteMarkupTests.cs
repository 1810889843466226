using AngleSharp.Html.Parser;
using MilestoneWatch.Web;

namespace MilestoneWatch.Tests.Web;

/// <summary>A note is Markdown, and nothing but.</summary>
public sealed class NoteMarkupTests
{
    private static readonly string[] Allowed = ["p", "em", "strong", "a", "ul", "ol", "li", "code", "blockquote", "br"];

    [Theory]
    [InlineData("As typed.", "<p>As typed.</p>")]
    [InlineData("two\nlines", "<p>two<br>\nlines</p>")]
    [InlineData("*late*, **very**", "<p><em>late</em>, <strong>very</strong></p>")]
    [InlineData("`code` 3 < 4 & 5 > 4", "<p><code>code</code> 3 &lt; 4 &amp; 5 &gt; 4</p>")]
    [InlineData("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>")]
    [InlineData("> so they say", "<blockquote>\n<p>so they say</p>\n</blockquote>")]
    [InlineData(
        "[the post](https://example.org/a?b=1&c=2)",
        "<p><a href=\"https://example.org/a?b=1&amp;c=2\" rel=\"nofollow noopener\">the post</a></p>"
    )]
    [InlineData("[write](mailto:a@example.org)", "<p><a href=\"mailto:a@example.org\" rel=\"nofollow noopener\">write</a></p>")]
    [InlineData("# A heading is its words", "A heading is its words")]
    [InlineData("costs 5 * 3 * 2, snake_case_name", "<p>costs 5 * 3 * 2, snake_case_name</p>")]
    public void What_markdown_marks_up_is_shown(string note, string html) => Assert.Equal(html, NoteMarkup.Html(note));

    public static TheoryData<string> Hostile =>
        [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "![x](https://elsewhere.example/pixel.png)",
            "![x](javascript:alert(1))",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](java\tscript:alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](javascript&colon;alert(1))",
            "[x](\u0001javascript:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
            "[x](vbscript:msgbox)",
            "[x](file:///etc/passwd)",
            "[x](//elsewhere.example)",
            "[x](/settings/stolen)",
            "[x]: javascript:alert(1)\n\n[x]",
            "<javascript:alert(1)>",
            "<https://example.org/\" onmouseover=\"alert(1)>",
            "[x](https://example.org/\" onmouseover=\"alert(1))",
            "[x](https://example.org 'a\" onclick=\"alert(1)')",
            "[![x](data:image/svg+xml,<svg onload=alert(1)>)](javascript:alert(1))",
            "<a href=\"https://example.org\" onclick=\"alert(1)\" style=\"position:fixed\">x</a>",
            "<svg><script>alert(1)</script></svg>",
            "<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
            "<style>*{display:none}</style>",
            "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
            "<form action=https://elsewhere.example><input name=q>",
            "<base href=https://elsewhere.example>",
            "<meta http-equiv=refresh content=0;url=https://elsewhere.example>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
            "```html\n<script>alert(1)</script>\n```",
            "`<script>alert(1)</script>`",
            "<!--><script>alert(1)</script>-->",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "<scr<script>ipt>alert(1)</scr</script>ipt>",
            "</p></div></li></ol><script>alert(1)</script>",
            "\u202Etxt.exe <b>bold</b>",
        ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Nothing_else_comes_through(string note)
    {
        var body = new HtmlParser().ParseDocument($"<body><div id=page>{NoteMarkup.Html(note)}</div></body>").Body!;

        // it stays inside what it was written into
        Assert.Equal(["page"], body.Children.Select(child => child.Id));
        foreach (var element in body.Children[0].QuerySelectorAll("*"))
        {
            Assert.Contains(element.LocalName, Allowed);
            Assert.All(element.Attributes, attribute => Assert.True(attribute.Name is "href" or "rel", element.OuterHtml));
            if (element.GetAttribute("href") is { } href)
            {
                Assert.Matches("^(https?://|mailto:)", href);
                Assert.Equal("nofollow noopener", element.GetAttribute("rel"));
            }
        }
    }
}
