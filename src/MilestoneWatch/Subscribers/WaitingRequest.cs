using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Postgres;
using NodaTime;

namespace MilestoneWatch.Subscribers;

/// <summary>A request that was taken at the door and is not answered yet.</summary>
internal sealed record WaitingRequest
{
    public long Id { get; init; }
    public string Email { get; init; } = "";
    public string EmailKey { get; init; } = "";
    public string Cadence { get; init; } = "";
    public LocalTime AtTime { get; init; }
    public short Day { get; init; }
    public string Zone { get; init; } = "";
    public string Language { get; init; } = "";
    public string[] Topics { get; init; } = [];
    public Instant AskedAt { get; init; }

    /// <exception cref="NodaTime.TimeZones.DateTimeZoneNotFoundException">The zone is gone since.</exception>
    public JoinRequest Read() =>
        new(Email, new Schedule(LedgerJson.ReadEnum<Cadence>(Cadence), AtTime, Day, DateTimeZoneProviders.Tzdb[Zone]), Topics, Language);
}
