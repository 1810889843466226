using System.Globalization;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Record;

/// <summary>Which texts may go on record: what no page, mail or database should meet is refused at every door.</summary>
internal static class Wording
{
    public const int Longest = 4000;

    /// <summary>Why a text is refused, said after what it is called ("--note"), or null when it may go on record.</summary>
    public static string? WhyNot(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > Longest)
        {
            var length = string.IsNullOrWhiteSpace(text) ? 0 : text.Length;
            return string.Create(CultureInfo.InvariantCulture, $"takes 1 to {Longest:N0} characters; this has {length}");
        }
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] is not ('\n' or '\t'))
            {
                return $"has a control character at place {i}: remove it";
            }
            if (text[i] is >= '\u202a' and <= '\u202e' or >= '\u2066' and <= '\u2069')
            {
                return $"has a character at place {i} that turns the writing direction: remove it";
            }
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])))
            {
                return $"has half a character at place {i}: remove it";
            }
            i += char.IsHighSurrogate(text[i]) ? 1 : 0;
        }
        return null;
    }

    /// <summary>Why a request's words are refused, or null.</summary>
    public static string? WhyNot(RecordRequest request) =>
        First([
            ("the note", request.Note),
            ("the quote", request.Quote),
            ("the analyst's name", request.Actor),
            ("the source", request.Source?.Publisher),
            ("the source's title", request.Source?.Title),
            ("the source's address", request.Source?.Url),
            .. request.Changes.SelectMany(Texts),
        ]);

    /// <summary>Why one of some texts, each with what it is called, is refused, or null; a text that is null says nothing.</summary>
    public static string? First(params IEnumerable<(string What, string? Text)> texts) =>
        texts
            .Select(text => text.Text is { } words && WhyNot(words) is { } why ? $"{text.What} {why}" : null)
            .FirstOrDefault(why => why is not null);

    public static IEnumerable<(string What, string? Text)> Texts(Change change) =>
        change switch
        {
            Added added => [.. Texts(added.Definition), ("the date", added.Promise?.Phrase)],
            Redefined redefined => Texts(redefined.Definition),
            StatusChanged changed => [("the override", changed.Override)],
            Reopened reopened => [("the reason", reopened.Reason)],
            Rescheduled moved => [("the date", moved.Promise.Phrase)],
            ReadingAdded reading => [("the date", reading.Promise.Phrase), ("what it means", reading.Means)],
            EvidenceAdded evidence => [("the name", evidence.Name), ("the relation", evidence.Relation)],
            _ => [],
        };

    private static IEnumerable<(string What, string? Text)> Texts(Definition words) =>
        [
            ("the title", words.Title),
            ("the name", words.Name),
            ("the short name", words.ShortName),
            ("the outcome", words.Outcome),
            ("the detail", words.Detail),
            ("what settles it", words.CountsWhen),
            ("the disagreement", words.Conflicts),
            ("the unit", words.Unit),
            .. words.Baseline.Select(name => ("a name of the baseline", (string?)name)),
            .. words.Relations.Keys.Select(relation => ("a relation", (string?)relation)),
            .. words.Aliases.SelectMany(alias => new[] { alias.Key, alias.Value }).Select(name => ("an alias", (string?)name)),
            .. words.About.Select(slug => ("what it is about", (string?)slug)),
        ];
}
