namespace MilestoneWatch.Cli;

/// <summary>A table's cell, with its colour as Spectre.Console names it.</summary>
internal readonly record struct Cell(string Text, string? Style = null)
{
    public static implicit operator Cell(string text) => new(text);
}
