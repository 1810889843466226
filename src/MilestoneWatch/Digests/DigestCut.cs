using MilestoneWatch.Domain.Digests;
using MilestoneWatch.Domain.Languages;

namespace MilestoneWatch.Digests;

/// <summary>As much of a digest as one mail holds: blocks whole and in rank order, lists up to a limit, and how many more there are.</summary>
public sealed record DigestCut
{
    /// <summary>No mail has room for more blocks than this, however short they are.</summary>
    public const int MostBlocks = 200;
    public const int MostLines = 20;

    // four bytes a character at the worst, and eight where HTML writes it as a number: one block alone always fits
    private const int LongestText = 2000;
    private const int LongestLine = 600;
    private const int LongestBlock = 6000;
    private const int MostParts = 40;

    public required DigestView Whole { get; init; }
    public required DigestView Shown { get; init; }

    public Language Language => Whole.Language;

    /// <summary>One change told at once, which needs no headings.</summary>
    public bool IsAlert => Whole is { Intro: null, Sections: [{ Blocks.Count: 1 }] };

    public int MoreBlocks => Blocks(Whole) - Blocks(Shown);

    public static int Blocks(DigestView view) => view.Sections.Sum(section => section.Blocks.Count);

    /// <param name="whole">Everything there is to say.</param>
    /// <param name="blocks">How many blocks to keep.</param>
    /// <param name="lines">How many lines to keep of each list.</param>
    /// <param name="charts">How many blocks keep their chart.</param>
    public static DigestCut Of(DigestView whole, int blocks, int lines, int charts)
    {
        var sections = new List<Section>();
        foreach (var section in whole.Sections)
        {
            var room = blocks - sections.Sum(kept => kept.Blocks.Count);
            if (room <= 0)
            {
                break;
            }
            sections.Add(section with { Blocks = [.. section.Blocks.Take(room).Select(block => Cut(block, whole.Language))] });
        }
        var pictured = 0;
        return new DigestCut
        {
            Whole = whole,
            Shown = whole with
            {
                Intro = whole.Intro is { } intro ? Cut(intro, LongestLine) : null,
                Sections =
                [
                    .. sections.Select(section =>
                        section with
                        {
                            Blocks =
                            [
                                .. section.Blocks.Select(block =>
                                    block.Chart is null || pictured++ < charts ? block : block with { Chart = null }
                                ),
                            ],
                        }
                    ),
                ],
                Quiet = [.. whole.Quiet.Take(lines).Select(item => (item.Slug, Cut(item.Line, LongestLine)))],
                Unsettled = [.. whole.Unsettled.Take(lines).Select(item => (item.Slug, Cut(item.Line, LongestLine)))],
                Unchanged = [.. whole.Unchanged.Take(lines).Select(item => (item.Slug, Cut(item.Line, LongestLine)))],
                NextDates = [.. whole.NextDates.Select(item => (item.Date, Cut(item.Line, LongestLine)))],
                Closing = [.. whole.Closing.Select(line => Cut(line, LongestLine))],
            },
        };
    }

    private static Block Cut(Block block, Language language)
    {
        var room = LongestBlock;
        var rows = block.Rows.Select(row => (row.Label, Value: Cut(row.Value, LongestText))).TakeWhile(row => Fits(row.Value)).ToList();
        var sentences = block.Sentences.Select(sentence => Cut(sentence, LongestText)).TakeWhile(Fits).Take(MostParts).ToList();
        var left = block.Rows.Count - rows.Count + block.Sentences.Count - sentences.Count;
        if (left > 0)
        {
            sentences.Add($"{language.Count("mail.more", left)}.");
        }
        return block with { Title = Cut(block.Title, LongestLine), Rows = rows, Sentences = sentences };

        bool Fits(string text) => (room -= text.Length) >= 0;
    }

    /// <summary>Cut at a word, and never within an address at its end, which a source's row is there for.</summary>
    private static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }
        var last = text[(text.LastIndexOf(' ') + 1)..];
        var tail = last.Length < longest / 2 && last.Contains("://", StringComparison.Ordinal) ? $" {last}" : "";
        var head = text[..(longest - tail.Length - 1)];
        var end = head.LastIndexOf(' ');
        // never half a surrogate pair
        end =
            end > head.Length / 2 ? end
            : char.IsHighSurrogate(head[^1]) ? head.Length - 1
            : head.Length;
        return $"{head[..end].TrimEnd()}…{tail}";
    }
}
