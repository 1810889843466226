using NodaTime;

namespace MilestoneWatch.Domain.Milestones;

/// <summary>Judges first dates from the states that stand; what was retracted never happened.</summary>
public static class FirstDates
{
    /// <summary>
    /// What became of the first date, as known from a state at an instant. The printed reading counts, never the alternative.
    /// </summary>
    /// <param name="state">The milestone's state as known at <paramref name="now"/>.</param>
    /// <param name="zone">The milestone's zone, in which its days begin and end.</param>
    /// <param name="now">The instant as of which to judge.</param>
    public static FirstDate Of(MilestoneState state, DateTimeZone zone, Instant now)
    {
        if (state.FirstWindow is not { Latest: { } latest } first)
        {
            return FirstDate.NoDay;
        }
        return state.Status switch
        {
            Status.Achieved when state.StatusOn is { } on => on <= latest ? FirstDate.Kept : FirstDate.Late,
            Status.Achieved => FirstDate.NoDay,
            Status.Missed => FirstDate.Missed,
            Status.Cancelled => FirstDate.CalledOff,
            _ when first.PassedAt(zone) > now => FirstDate.NotYetDue,
            _ => state.Window?.Latest <= latest ? FirstDate.StillOpen : FirstDate.MovedPast,
        };
    }

    /// <summary>Whether it says that the first date was kept or was not; the others are counted apart.</summary>
    public static bool IsDecided(this FirstDate date) =>
        date is FirstDate.Kept or FirstDate.Late or FirstDate.Missed or FirstDate.CalledOff or FirstDate.MovedPast;
}
