using System.Text;
using MilestoneWatch.Domain.Languages;

namespace MilestoneWatch.Mail;

/// <summary>A letter with one thing to do: what it says, a link, and what it says after.</summary>
/// <param name="Language">What it is written in.</param>
/// <param name="Subject">At most 70 characters.</param>
/// <param name="Opening">Paragraphs before the link.</param>
/// <param name="Call">The sentence that the link's address follows in text.</param>
/// <param name="LinkWords">What the link says in HTML.</param>
/// <param name="Link">Its address.</param>
/// <param name="Closing">Paragraphs after it.</param>
public sealed record LetterWords(
    Language Language,
    string Subject,
    IReadOnlyList<string> Opening,
    string Call,
    string LinkWords,
    string Link,
    IReadOnlyList<string> Closing
)
{
    /// <summary>The text part: a paragraph a line.</summary>
    public string Text() => new StringBuilder().AppendJoin("\n\n", [.. Opening, $"{Call}\n{Link}", .. Closing]).Append('\n').ToString();
}
