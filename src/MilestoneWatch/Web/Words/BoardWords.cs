using MilestoneWatch.Web.Views;

namespace MilestoneWatch.Web.Words;

/// <summary>What the board shows, and what it could show, in words.</summary>
internal static class BoardWords
{
    private const int MostNamed = 12;

    /// <summary>"3 of 9 milestones: at risk or delayed." On one of several pages, also which of them.</summary>
    public static string Shown(BoardView view, BoardQuery query)
    {
        var (total, matched) = (view.Counts.Total, view.Counts.Matched);
        var shown = query.Filter.IsEmpty
            ? $"{(total > 1 ? "All " : "")}{Milestones(total)}"
            : $"{NumberWords.Number(matched)} of {Milestones(total)}: {Narrowed(view, query.Filter)}";
        var first = (query.Page - 1) * query.PageSize + 1;
        var here =
            view.Pages > 1 ? $" {NumberWords.Number(first)} to {NumberWords.Number(first + view.Rows.Count - 1)} are on this page." : "";
        return $"{shown}.{here}";
    }

    /// <summary>"Show all 9 milestones".</summary>
    public static string ShowAll(BoardView view) => $"Show {(view.Counts.Total > 1 ? "all " : "the ")}{Milestones(view.Counts.Total)}";

    /// <summary>"Mistral AI", "Mistral AI and Acme", "Mistral AI, Acme and 38 others".</summary>
    public static string Subjects(IReadOnlyList<string> names) =>
        names switch
        {
            [] => "Nothing yet",
            [var only] => only,
            [var one, var other] => $"{one} and {other}",
            [var one, var two, var three] => $"{one}, {two} and {three}",
            [var one, var two, ..] => $"{one}, {two} and {NumberWords.Number(names.Count - 2)} others",
        };

    /// <summary>"There is no status “late”. It can be planned, …": what was wrong, and what may be chosen.</summary>
    public static string NoSuch(string what, string word, IReadOnlyList<string> known)
    {
        var there = $"There is no {what} “{Short(word)}”.";
        return known.Count == 0 ? there
            : known.Count <= MostNamed ? $"{there} It can be {Or(known)}."
            : $"{there} It can be {string.Join(", ", known.Take(MostNamed))} or one of {NumberWords.Number(known.Count - MostNamed)} others.";
    }

    /// <summary>The beginning of what somebody wrote, to be said back.</summary>
    public static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static string Narrowed(BoardView view, BoardFilter filter)
    {
        var parts = new List<string>();
        if (filter.Subject is { } subject)
        {
            parts.Add(view.Choices.Subjects.FirstOrDefault(choice => choice.Slug == subject)?.Name ?? subject);
        }
        if (view.Choices.Topics.Count > 0)
        {
            parts.Add(Subjects([.. view.Choices.Topics.Select(topic => topic.Name)]));
        }
        if (filter.Kind is { } kind)
        {
            parts.Add(char.ToLowerInvariant(StatusFace.KindWord(kind)[0]) + StatusFace.KindWord(kind)[1..]);
        }
        if (filter.Statuses.Count > 0)
        {
            parts.Add(Or([.. filter.Statuses.Select(status => StatusFace.Of(status).Word)]));
        }
        if (filter.Search is { } search)
        {
            parts.Add($"with “{search}”");
        }
        return string.Join(", ", parts);
    }

    private static string Milestones(int count) => $"{NumberWords.Number(count)} {(count == 1 ? "milestone" : "milestones")}";

    private static string Or(IReadOnlyList<string> words) =>
        words.Count == 1 ? words[0] : $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
}
