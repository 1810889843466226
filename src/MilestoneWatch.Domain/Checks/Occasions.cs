using System.Globalization;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Checks;

/// <summary>What the clock has to say of a milestone, and when.</summary>
public static class Occasions
{
    /// <summary>Days before the window's latest day on which readers are reminded, unless a milestone says otherwise.</summary>
    public static readonly IReadOnlyList<int> ReminderDays = [30, 7, 1];

    /// <summary>
    /// Everything the clock will ever say while the state stays as it is, earliest first. Nothing of what is settled, nothing for an open bound.
    /// An opening or a reminder that lay before the window was recorded is no news: the promise itself said it.
    /// </summary>
    public static IReadOnlyList<Occasion> Of(MilestoneState state, DateTimeZone zone, Instant windowRecordedAt)
    {
        if (state.Status.IsFinal() || state is not { Window: { } window, WindowPosition: { } position })
        {
            return [];
        }
        var key = position.ToString(CultureInfo.InvariantCulture);
        var all = new List<Occasion>();
        if (window.Earliest is { } earliest && Window.StartOf(earliest, zone) > windowRecordedAt)
        {
            all.Add(new(Window.StartOf(earliest, zone), key, new(EntryKind.WindowOpened, earliest, null)));
        }
        if (window.Latest is { } latest)
        {
            foreach (var days in ReminderDays)
            {
                var at = Window.StartOf(latest.PlusDays(-days), zone);
                if (at > windowRecordedAt)
                {
                    all.Add(new(at, $"{key}:{days}", new(EntryKind.DueSoon, latest, days)));
                }
            }
            all.Add(new(Window.StartOf(latest.PlusDays(1), zone), key, new(EntryKind.WindowClosed, latest, null)));
        }
        if (window.Alternative?.Latest is { } other && (window.Latest is null || other < window.Latest))
        {
            all.Add(new(Window.StartOf(other.PlusDays(1), zone), key, new(EntryKind.MayBeDue, other, null)));
        }
        all.Sort((a, b) => a.At.CompareTo(b.At));
        return all;
    }

    /// <summary>
    /// When a check must look next: now if anything is already true (saying it twice is impossible), else at the next occasion; null when the clock has nothing to say.
    /// </summary>
    public static Instant? NextCheck(MilestoneState state, DateTimeZone zone, Instant windowRecordedAt, Instant now)
    {
        var all = Of(state, zone, windowRecordedAt);
        return all.Count == 0 ? null : Instant.Max(all[0].At, now);
    }

    /// <summary>When a check that has just run at <paramref name="now"/> must look again.</summary>
    public static Instant? NextCheckAfter(IReadOnlyList<Occasion> occasions, Instant now)
    {
        foreach (var occasion in occasions)
        {
            if (occasion.At > now)
            {
                return occasion.At;
            }
        }
        return null;
    }

    /// <summary>Whether the window has closed with nothing to settle it: attention, derived at the instant asked about.</summary>
    public static bool NeedsAttention(MilestoneState state, DateTimeZone zone, Instant now) =>
        !state.Status.IsFinal() && state.Window?.Latest is { } latest && Window.StartOf(latest.PlusDays(1), zone) <= now;
}
