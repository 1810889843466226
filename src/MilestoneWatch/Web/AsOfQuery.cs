using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Web;

/// <summary>The <c>asOf</c> of an address: an instant in ISO 8601, or a bare date, which means its end in UTC.</summary>
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
        if (!AsOfInstant.TryRead(text, out var at))
        {
            return false;
        }
        asOf = at;
        return true;
    }
}
