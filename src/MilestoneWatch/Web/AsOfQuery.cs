using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Web;

/// <summary>The <c>as_of</c> of an address: an instant in ISO 8601, or a bare date, which means its end in UTC.</summary>
internal static class AsOfQuery
{
    /// <returns>False when it is neither; true with null when there is none.</returns>
    public static bool TryRead(string? text, out Instant? asOf)
    {
        asOf = null;
        if (string.IsNullOrWhiteSpace(text))
        {
            return true;
        }
        if (
            LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var date)
            && date.Year is > 0 and < 9999
        )
        {
            // the last microsecond: what is stored is truncated to microseconds
            asOf = date.PlusDays(1).AtMidnight().InUtc().ToInstant() - Duration.FromTicks(10);
            return true;
        }
        if (InstantPattern.ExtendedIso.Parse(text).TryGetValue(default, out var instant))
        {
            asOf = instant;
            return true;
        }
        return false;
    }
}
