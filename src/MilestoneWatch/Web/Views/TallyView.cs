namespace MilestoneWatch.Web.Views;

/// <summary>The names that a tally counts.</summary>
/// <param name="Counted">Distinct names that qualify, in the order they were recorded.</param>
/// <param name="Baseline">Names known from the start, which never count.</param>
/// <param name="Threshold">How many settle it; null while nobody has set it.</param>
public sealed record TallyView(IReadOnlyList<string> Counted, IReadOnlyList<string> Baseline, int? Threshold = null);
