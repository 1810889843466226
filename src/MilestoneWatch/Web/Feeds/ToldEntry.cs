using System.Net;
using System.Text;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Web.Words;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Web.Feeds;

/// <summary>An entry of the ledger in the words of the pages' story, with what they need to know of the entries before it.</summary>
internal sealed record ToldEntry
{
    public required string Slug { get; init; }
    public required string SubjectName { get; init; }
    public required Entry Entry { get; init; }

    /// <summary>The milestone's entry just before it; null for its first.</summary>
    public Entry? Before { get; init; }

    /// <summary>The wording that held once it was recorded; null where that was redacted.</summary>
    public Definition? Wording { get; init; }

    /// <summary>The wording that held before it.</summary>
    public Definition? WordingBefore { get; init; }

    /// <summary>For a retraction: what it takes back, and what came just before that.</summary>
    public ToldEntry? TakesBack { get; init; }

    /// <summary>When its words were removed, if they were.</summary>
    public Instant? RedactedAt { get; init; }

    /// <summary>A threshold or another spelling that changed is nothing to readers.</summary>
    public bool IsSilent =>
        Entry.Body?.Change is Redefined redefined && WordingBefore is { } before && Definitions.SayTheSame(before, redefined.Definition);

    /// <param name="linkTo">A page's full address.</param>
    public AtomEntry ToAtom(Func<string, string> linkTo)
    {
        var name = Wording?.CalledBriefly() ?? Slug;
        return new AtomEntry(
            $"entries/{Entry.Position.ToString(System.Globalization.CultureInfo.InvariantCulture)}",
            $"{name}: {StorySentence.Brief(Entry)}",
            linkTo(Links.Milestone(Slug, InstantPattern.ExtendedIso.Format(Entry.RecordedAt))),
            Entry.RecordedAt,
            RedactedAt ?? Entry.RecordedAt,
            Html(),
            SubjectName
        );
    }

    /// <summary>What happened, in a sentence or two.</summary>
    private string Sentence() =>
        TakesBack is not { } told
            ? $"{StorySentence.Kind(Entry)}. {StorySentence.Of(Entry, Before is null ? [] : [Before], Wording ?? new Definition { Title = Slug })}"
            : $"Taken back: what was recorded on {DateWords.Long(told.Entry.RecordedAt.InUtc().Date)} (“{told.Sentence()}”). "
                + (
                    Entry.Body?.Change is Retracted { Reason: var reason }
                        ? $"{NumberWords.Sentence(reason.TrimEnd('.'))}."
                        : "That was our error, not a change of the promise."
                );

    private string Html()
    {
        var html = new StringBuilder();
        Paragraph(html, Sentence());
        if (Entry.Body?.Quote is { } quote)
        {
            html.Append("<blockquote>");
            Paragraph(html, Entry.Body.Verbatim ? $"“{quote}”" : $"In substance: {quote}");
            html.Append("</blockquote>");
        }
        if (Entry.Body?.Note is { } note)
        {
            Paragraph(html, $"Note: {note}");
        }
        if (Entry.Body?.Source is { } source)
        {
            html.Append("<p>Source: ").Append(Escaped(source.Publisher));
            var named = source.Title ?? source.Url;
            html.Append(
                named is null ? ""
                : Links.Outside(source.Url) is { } url ? $", <a href=\"{Escaped(url)}\">{Escaped(named)}</a>"
                : $", {Escaped(named)}"
            );
            html.Append(Entry.Body.Standing is { } standing and not Standing.Unclear ? $" ({StorySentence.Word(standing)})" : "");
            html.Append(".</p>");
        }
        if (Entry.HappenedOn is { } on)
        {
            Paragraph(html, $"{DateWords.Long(on)}.");
        }
        return html.ToString();
    }

    private static void Paragraph(StringBuilder html, string text) => html.Append("<p>").Append(Escaped(text)).Append("</p>");

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
