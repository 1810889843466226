namespace MilestoneWatch.Cli;

/// <summary>A line of a drawing, and what each of its characters is drawn for.</summary>
internal sealed record DrawnLine(string Text, IReadOnlyList<Ink> Inks)
{
    public static readonly DrawnLine Empty = new("", []);

    public static DrawnLine Of(string text, Ink ink = Ink.Plain) => new(text, [.. Enumerable.Repeat(ink, text.Length)]);

    public DrawnLine Then(DrawnLine more) => new(Text + more.Text, [.. Inks, .. more.Inks]);

    /// <summary>Its stretches of one ink, in order.</summary>
    public IEnumerable<(string Text, Ink Ink)> Runs()
    {
        for (var from = 0; from < Text.Length; )
        {
            var to = from + 1;
            while (to < Text.Length && Inks[to] == Inks[from])
            {
                to++;
            }
            yield return (Text[from..to], Inks[from]);
            from = to;
        }
    }
}
