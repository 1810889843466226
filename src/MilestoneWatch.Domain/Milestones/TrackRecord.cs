using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Milestones;

/// <summary>How one promiser's first dates held.</summary>
/// <param name="Promises">Every milestone but the questions, which promise nothing, in the order given.</param>
public sealed record TrackRecord(IReadOnlyList<FirstPromise> Promises)
{
    /// <summary>Those that kept their first date, of those where that is decided: see <see cref="FirstDates.IsDecided"/>.</summary>
    public Share Kept => new(Count(FirstDate.Kept), Promises.Count(promise => promise.Date.IsDecided()));

    /// <summary>How many were moved at least once, to whatever date, in moves that still stand.</summary>
    public int Moved => Promises.Count(promise => promise.Milestone.State.Moves > 0);

    /// <summary>How many of them have a slip in days.</summary>
    public int Slips => Promises.Count(promise => promise.SlipInDays is not null);

    /// <summary>
    /// The median slip in days, positive is later; the mean of the middle two where they are even in number; null without any.
    /// </summary>
    public decimal? MedianSlipInDays
    {
        get
        {
            int[] slips = [.. Promises.Select(promise => promise.SlipInDays).OfType<int>().Order()];
            return slips.Length == 0 ? null : ((decimal)slips[(slips.Length - 1) / 2] + slips[slips.Length / 2]) / 2;
        }
    }

    /// <summary>The record of one promiser's milestones, as known at an instant.</summary>
    public static TrackRecord Of(IEnumerable<Milestone> milestones, Instant now) =>
        new([
            .. milestones
                .Where(milestone => milestone.Kind != MilestoneKind.Question)
                .Select(milestone => new FirstPromise(
                    milestone,
                    FirstDates.Of(milestone.State, milestone.Zone, now),
                    milestone.State is { Moves: > 0, FirstWindow: { } first, Window: { } present }
                        ? Window.SlipInDays(first, present)
                        : null
                )),
        ]);

    /// <summary>How many first dates became that.</summary>
    public int Count(FirstDate date) => Promises.Count(promise => promise.Date == date);
}
