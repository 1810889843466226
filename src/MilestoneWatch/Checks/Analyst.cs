using MilestoneWatch.Access;
using MilestoneWatch.Domain.Subscribers;
using NodaTime;

namespace MilestoneWatch.Checks;

/// <summary>Somebody who records, and where their mail goes: the weekly nudge, and links to sign in. Without an address there is none.</summary>
internal sealed record Analyst(Guid Id, string Name, string? Email, Role Role, string Zone, int LinkGeneration, Instant? NextNudgeAt)
{
    /// <summary>Mondays at eight in their own zone.</summary>
    public Schedule Schedule => new(Cadence.Weekly, new LocalTime(8, 0), 1, DateTimeZoneProviders.Tzdb[Zone]);

    /// <summary>The newest slot at or before <paramref name="now"/>: after a gap, the ones before it are passed over.</summary>
    public Instant NewestSlot(Instant now)
    {
        var slot = NextNudgeAt ?? now;
        while (Schedule.NextAfter(slot) is { } next && next <= now)
        {
            slot = next;
        }
        return slot;
    }
}
