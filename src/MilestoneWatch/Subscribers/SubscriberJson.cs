using System.Globalization;
using System.Text.Json.Nodes;
using MilestoneWatch.Postgres;
using NodaTime.Text;

namespace MilestoneWatch.Subscribers;

/// <summary>A reader as scripts read them.</summary>
internal static class SubscriberJson
{
    /// <param name="reader">The reader.</param>
    /// <param name="suppressed">Why no mail is sent to the address; null where it is.</param>
    public static JsonObject Of(Subscriber reader, string? suppressed = null) =>
        new()
        {
            ["email"] = reader.Email,
            ["state"] = reader.State,
            ["cadence"] = LedgerJson.WriteEnum(reader.Schedule.Cadence),
            ["at"] = reader.Schedule.At.ToString("HH:mm", CultureInfo.InvariantCulture),
            ["day"] = reader.Schedule.Day,
            ["zone"] = reader.Schedule.Zone.Id,
            ["language"] = reader.Language,
            ["topics"] = new JsonArray([.. reader.Chosen.Select(topic => (JsonNode)(topic.Name ?? "all"))]),
            ["paused_until"] = reader.PausedUntil is { } until ? InstantPattern.ExtendedIso.Format(until) : null,
            ["nothing_changed"] = reader.NothingChanged,
            ["suppressed"] = suppressed,
            ["position"] = reader.Position,
            ["digests"] = reader.DigestNumber,
            ["next_due_at"] = reader.NextDueAt is { } next ? InstantPattern.ExtendedIso.Format(next) : null,
        };
}
