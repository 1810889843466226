using System.Text;
using MilestoneWatch.Domain.Digests;
using static MilestoneWatch.Mail.PlainText;

namespace MilestoneWatch.Digests;

/// <summary>Lays a digest out as text that reads well alone, 72 columns wide.</summary>
internal static class DigestText
{
    /// <param name="cut">The words that are shown.</param>
    /// <param name="linkTo">The address of a milestone's page.</param>
    /// <param name="board">The address of the board as of this mail.</param>
    /// <param name="follows">Why the reader gets it; personal.</param>
    /// <param name="settings">Where to change or leave; personal.</param>
    public static string Render(DigestCut cut, Func<string, string> linkTo, string board, string follows, string settings)
    {
        var text = new StringBuilder();
        var (view, whole, language, alert) = (cut.Shown, cut.Whole, cut.Language, cut.IsAlert);
        if (view.Intro is { } intro)
        {
            Wrapped(text, intro, "", "");
        }
        foreach (var section in view.Sections)
        {
            Blank(text);
            if (!alert)
            {
                Line(text, section.Heading.ToUpperInvariant());
            }
            for (var i = 0; i < section.Blocks.Count; i++)
            {
                if (i > 0)
                {
                    Blank(text);
                }
                Block(text, section.Blocks[i], linkTo, alert);
            }
        }
        if (cut.MoreBlocks > 0)
        {
            Blank(text);
            More(cut.MoreBlocks);
        }
        Lines("mail.quiet", [.. view.Quiet.Select(item => item.Line)], whole.Quiet.Count);
        Lines("mail.unsettled", [.. view.Unsettled.Select(item => item.Line)], whole.Unsettled.Count);
        Lines("mail.unchanged", [.. view.Unchanged.Select(item => item.Line)], whole.Unchanged.Count);
        if (view.NextDates.Count > 0)
        {
            Blank(text);
            Line(text, language.Say("mail.next_dates").ToUpperInvariant());
            var indent = new string(' ', view.NextDates.Max(next => next.Date.Length) + 2);
            foreach (var (date, line) in view.NextDates)
            {
                Wrapped(text, line, date.PadRight(indent.Length), indent);
            }
        }
        Blank(text);
        foreach (var closing in view.Closing)
        {
            Wrapped(text, closing, "", "");
        }
        if (alert)
        {
            Line(text, Labelled(language.Say("mail.history"), linkTo(view.Sections[0].Blocks[0].Slug)));
            Line(text, follows);
        }
        else
        {
            // why the mail came stands beside how fresh the record is
            text.Length -= view.Closing.Count > 0 ? 1 : 0;
            Line(text, $"{(view.Closing.Count > 0 ? " " : "")}{follows}");
        }
        Line(text, Labelled(language.Say("mail.settings"), settings));
        return text.Replace('\u00a0', ' ').ToString();

        string Labelled(string label, string value) => language.Say("mail.labelled", ("label", label), ("value", value));

        void More(int count) => Line(text, Labelled(language.Count("mail.more", count), board));

        void Lines(string heading, IReadOnlyList<string> lines, int of)
        {
            if (of == 0)
            {
                return;
            }
            Blank(text);
            Line(text, language.Say(heading).ToUpperInvariant());
            foreach (var line in lines)
            {
                Wrapped(text, line, "", "  ");
            }
            if (of > lines.Count)
            {
                More(of - lines.Count);
            }
        }
    }

    /// <summary>The news alone, without what surrounds it in a mail.</summary>
    public static string News(DigestView view)
    {
        var text = new StringBuilder();
        foreach (var block in view.Sections.SelectMany(section => section.Blocks))
        {
            Blank(text);
            Block(text, block, _ => "", alert: true);
        }
        foreach (var (_, line) in view.Quiet)
        {
            Wrapped(text, line, "", "  ");
        }
        return text.Replace('\u00a0', ' ').ToString();
    }

    private static void Block(StringBuilder text, Block block, Func<string, string> linkTo, bool alert)
    {
        Line(text, block.Title);
        if (alert && block.Rows.Count == 0)
        {
            Blank(text);
        }
        var label = block.Rows.Count == 0 ? 0 : block.Rows.Max(row => row.Label.Length) + 2;
        foreach (var (name, value) in block.Rows)
        {
            Wrapped(text, value, "  " + name.PadRight(label), new string(' ', label + 2));
        }
        if (alert && block.Rows.Count > 0)
        {
            Blank(text);
        }
        var indent = alert ? "" : "  ";
        foreach (var sentence in block.Chart?.Caption is { } caption ? block.Sentences.Prepend(caption) : block.Sentences)
        {
            Wrapped(text, sentence, indent, indent);
        }
        if (!alert)
        {
            Line(text, $"  {linkTo(block.Slug)}");
        }
    }
}
