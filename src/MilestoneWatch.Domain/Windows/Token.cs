namespace MilestoneWatch.Domain.Windows;

/// <summary>A word, number or mark of a phrase at the characters from <paramref name="Start"/> up to <paramref name="End"/>.</summary>
internal readonly record struct Token(Term Term, int Value, int Start, int End)
{
    public int Length => End - Start;

    /// <summary>One or two figures, so it may count days, months or weeks.</summary>
    public bool IsShortNumber => Term == Term.Number && Length <= 2;

    public bool IsTwoFigures => Term == Term.Number && Length == 2;

    public bool IsFourFigures => Term == Term.Number && Length == 4;
}
