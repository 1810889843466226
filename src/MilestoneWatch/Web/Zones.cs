using NodaTime.TimeZones;

namespace MilestoneWatch.Web;

/// <summary>The time zones that a reader can choose: the places that the tz database lists, by region.</summary>
internal static class Zones
{
    public static IReadOnlySet<string> All { get; } =
        (TzdbDateTimeZoneSource.Default.ZoneLocations ?? [])
            .Select(location => location.ZoneId)
            .Append("UTC")
            .ToHashSet(StringComparer.Ordinal);

    public static IReadOnlyList<IGrouping<string, (string Id, string Place)>> ByRegion { get; } =
    [
        .. All.Order(StringComparer.Ordinal)
            .Select(id =>
                (
                    Id: id,
                    Place: id[(id.IndexOf('/', StringComparison.Ordinal) + 1)..]
                        .Replace('_', ' ')
                        .Replace("/", ", ", StringComparison.Ordinal)
                )
            )
            .GroupBy(zone => zone.Id.Split('/')[0], StringComparer.Ordinal),
    ];
}
