using AngleSharp.Dom;
using Ganss.Xss;
using Markdig;

namespace MilestoneWatch.Web;

/// <summary>An analyst's note as HTML: what Markdown marks up, and nothing that a stranger could use.</summary>
internal static class NoteMarkup
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml()
        .UseSoftlineBreakAsHardlineBreak()
        .Build();

    private static readonly string[] Schemes = ["http", "https", "mailto"];

    /// <summary>A paragraph, or what it was laid out as. Safe to be written into a page as it is, whatever the note says.</summary>
    public static string Html(string note) => Sanitizer().Sanitize(Markdig.Markdown.ToHtml(note, Pipeline)).Trim();

    // by allow-list, and one for each note: the sanitiser promises nothing about threads
    private static HtmlSanitizer Sanitizer()
    {
        var sanitizer = new HtmlSanitizer(
            new HtmlSanitizerOptions
            {
                AllowedTags = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
                {
                    "p",
                    "em",
                    "strong",
                    "a",
                    "ul",
                    "ol",
                    "li",
                    "code",
                    "blockquote",
                    "br",
                },
                AllowedAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href" },
                AllowedSchemes = new HashSet<string>(Schemes, StringComparer.OrdinalIgnoreCase),
                UriAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href" },
            }
        )
        {
            // the words of what is not allowed stay
            KeepChildNodes = true,
        };
        sanitizer.PostProcessNode += (_, e) =>
        {
            if (e.Node is IElement { LocalName: "a" } link)
            {
                // an address of ours, or of nobody's, was never meant: what is left is the words; "/x" is a file to Uri
                if (
                    !Uri.TryCreate(link.GetAttribute("href"), UriKind.Absolute, out Uri? address)
                    || !Schemes.Contains(address.Scheme, StringComparer.Ordinal)
                )
                {
                    link.RemoveAttribute("href");
                    return;
                }
                link.SetAttribute("rel", "nofollow noopener");
            }
        };
        return sanitizer;
    }
}
