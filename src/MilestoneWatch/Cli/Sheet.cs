namespace MilestoneWatch.Cli;

/// <summary>A page of text for a width: paragraphs, and lines with a heading at their side. Nothing is said twice or left blank.</summary>
internal sealed class Sheet(int width)
{
    private const int Side = 15;

    private readonly List<DrawnLine> _lines = [];

    public IReadOnlyList<DrawnLine> Lines => _lines;

    public int Width => width;

    public void Add(DrawnLine line) => _lines.Add(line);

    public void AddAll(IEnumerable<DrawnLine> lines) => _lines.AddRange(lines);

    /// <summary>One blank line between blocks, and none at the top.</summary>
    public void Break()
    {
        if (_lines is [.., { Text.Length: > 0 }])
        {
            _lines.Add(DrawnLine.Empty);
        }
    }

    public void Paragraph(string text, Ink ink = Ink.Plain) => _lines.AddRange(Wrap(text, width).Select(line => DrawnLine.Of(line, ink)));

    /// <summary>A heading and its text beside it; beneath it where the page is narrow.</summary>
    public void Item(string heading, string text, Ink ink = Ink.Plain)
    {
        var narrow = width < 3 * Side;
        var indent = narrow ? 2 : Side;
        if (narrow && heading.Length > 0)
        {
            _lines.Add(DrawnLine.Of(heading, Ink.Quiet));
            heading = "";
        }
        foreach (var line in Wrap(text, width - indent))
        {
            _lines.Add(DrawnLine.Of(heading.PadRight(indent), Ink.Quiet).Then(DrawnLine.Of(line, ink)));
            heading = "";
        }
    }

    /// <summary>Broken at blanks only: a longer word stays whole, to be copied.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (
            var word in string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        )
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }
            line = line.Length == 0 ? word : $"{line} {word}";
        }
        if (line.Length > 0)
        {
            yield return line;
        }
    }
}
