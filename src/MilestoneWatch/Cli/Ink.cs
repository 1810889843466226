namespace MilestoneWatch.Cli;

/// <summary>What a character is drawn for; where a terminal has colour, it shows that too.</summary>
internal enum Ink
{
    Plain,
    Strong,
    Quiet,
    Accent,
    Today,
    Look,
}
