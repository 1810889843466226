using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Domain.Forecasts;

/// <summary>The aggregate by the window's latest day has moved enough to be said.</summary>
/// <param name="By">The window's latest day.</param>
/// <param name="From">The aggregate when it was last said, to three decimals.</param>
/// <param name="To">The aggregate now, to three decimals.</param>
public sealed record ForecastMove(LocalDate By, decimal From, decimal To)
{
    /// <summary>
    /// What to say after the last of a milestone's entries, once it is a forecast or the retraction of one; null for nothing. It is
    /// compared with the aggregate as it stood when the last <see cref="EntryKind.ForecastMoved"/> was recorded for the present window, else
    /// when that window was set, else when there was first one for its latest day; so small steps add up, and a window that moves away
    /// and back starts anew. Nothing is said of what is settled, nor while the latest day is open.
    /// </summary>
    /// <param name="entries">In their order; those of other kinds than forecasts, retractions, moves said and changes of the window may be left out.</param>
    /// <param name="points">How far it has to move, either way, in percentage points: the milestone's <see cref="Definition.ForecastPoints"/>.</param>
    public static ForecastMove? After(IReadOnlyList<Entry> entries, int points = Definition.DefaultForecastPoints)
    {
        if (entries is not [.., var last] || last.State.Status.IsFinal() || last.State.Window?.Latest is not { } latest)
        {
            return null;
        }
        var start = entries.Count - 1;
        while (start > 0 && entries[start].Kind != EntryKind.ForecastMoved && !SetsWindow(entries, start))
        {
            start--;
        }
        var said = Enumerable.Range(start, entries.Count - start).Select(i => Upto(i)).FirstOrDefault(point => point is not null);
        return Between(said, Upto(entries.Count - 1), points);

        ForecastPoint? Upto(int i) => new Aggregate(RecordedCurve.Of([.. entries.Take(i + 1)])).At(latest)?.Rounded;
    }

    /// <summary>The move from what was last said to what is now; null when it is smaller, or when they speak of different days.</summary>
    public static ForecastMove? Between(ForecastPoint? said, ForecastPoint? now, int points = Definition.DefaultForecastPoints) =>
        said is not null && now is not null && said.By == now.By && 100 * Math.Abs(now.Probability - said.Probability) >= points
            ? new(now.By, said.Probability, now.Probability)
            : null;

    private static bool SetsWindow(IReadOnlyList<Entry> entries, int i) =>
        entries[i].State.WindowPosition != entries[i - 1].State.WindowPosition;
}
