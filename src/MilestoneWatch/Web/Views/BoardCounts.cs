namespace MilestoneWatch.Web.Views;

/// <summary>How much is on record, and how much of it was asked for.</summary>
/// <param name="Settled">Promises that are settled; questions do not count.</param>
/// <param name="Matched">Promises and questions that match what was asked for, on all pages.</param>
public sealed record BoardCounts(int Promises, int Questions, int Settled, int Matched)
{
    public int Total => Promises + Questions;
}
