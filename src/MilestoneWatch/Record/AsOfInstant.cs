using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Record;

/// <summary>"As of" as people write it: an instant in ISO 8601, or a bare date, which means its end in UTC.</summary>
internal static class AsOfInstant
{
    public static bool TryRead(string text, out Instant at)
    {
        if (LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var day) && day.Year is > 0 and < 9999)
        {
            // the last microsecond: what is stored is truncated to microseconds
            at = day.PlusDays(1).AtMidnight().InUtc().ToInstant() - Duration.FromTicks(10);
            return true;
        }
        return InstantPattern.ExtendedIso.Parse(text).TryGetValue(default, out at);
    }
}
