using System.Globalization;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using NodaTime;

namespace MilestoneWatch.Domain.Checks;

/// <summary>What the clock has to say of a milestone, and when.</summary>
public static class Occasions
{
    /// <summary>
    /// Everything the clock will ever say while the state stays as it is, earliest first. Nothing of what is settled, nothing for an open bound.
    /// An opening or a reminder that lay before the window was recorded is no news: the promise itself said it.
    /// </summary>
    /// <param name="state">Where it stands.</param>
    /// <param name="definition">Its thresholds.</param>
    /// <param name="zone">In which its days begin.</param>
    /// <param name="windowAt">When the present window was recorded.</param>
    /// <param name="substanceAt">When the last entry of substance was recorded.</param>
    public static IReadOnlyList<Occasion> Of(
        MilestoneState state,
        Definition definition,
        DateTimeZone zone,
        Instant windowAt,
        Instant substanceAt
    )
    {
        if (state.Status.IsFinal())
        {
            return [];
        }
        var all = new List<Occasion>();
        if (state is { Window: { } window, WindowPosition: { } position })
        {
            AddWindow(all, window, Key(position), definition.ReminderDays ?? Definition.DefaultReminderDays, zone, windowAt);
        }
        var quiet = definition.QuietDays ?? Definition.DefaultQuietDays;
        if (quiet > 0 && state.SubstancePosition is { } substance)
        {
            var day = substanceAt.InZone(zone).Date.PlusDays(quiet);
            all.Add(new(Window.StartOf(day, zone), QuietKey(substance, quiet), new(EntryKind.GoneQuiet, day, quiet)));
        }
        all.Sort((a, b) => a.At.CompareTo(b.At));
        return all;
    }

    /// <summary>What makes one silence one saying: the entry after which it began, and how long it had lasted.</summary>
    public static string QuietKey(long substance, int days) => $"{Key(substance)}:{Key(days)}";

    /// <summary>
    /// When a check must look next: now if anything is already true (saying it twice is impossible), else at the next occasion; null when the clock has nothing to say.
    /// </summary>
    public static Instant? NextCheck(IReadOnlyList<Occasion> occasions, Instant now) =>
        occasions.Count == 0 ? null : Instant.Max(occasions[0].At, now);

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

    private static void AddWindow(
        List<Occasion> all,
        Window window,
        string key,
        IReadOnlyList<int> reminderDays,
        DateTimeZone zone,
        Instant windowAt
    )
    {
        if (window.Earliest is { } earliest && Window.StartOf(earliest, zone) > windowAt)
        {
            all.Add(new(Window.StartOf(earliest, zone), key, new(EntryKind.WindowOpened, earliest, null)));
        }
        if (window.Latest is { } latest)
        {
            foreach (var days in reminderDays)
            {
                var at = Window.StartOf(latest.PlusDays(-days), zone);
                if (at > windowAt)
                {
                    all.Add(new(at, $"{key}:{Key(days)}", new(EntryKind.DueSoon, latest, days)));
                }
            }
            all.Add(new(Window.StartOf(latest.PlusDays(1), zone), key, new(EntryKind.WindowClosed, latest, null)));
        }
        if (window.Alternative?.Latest is { } other && (window.Latest is null || other < window.Latest))
        {
            all.Add(new(Window.StartOf(other.PlusDays(1), zone), key, new(EntryKind.MayBeDue, other, null)));
        }
    }

    private static string Key(long number) => number.ToString(CultureInfo.InvariantCulture);
}
