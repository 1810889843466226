using System.Text.Json;
using System.Text.Json.Nodes;
using MilestoneWatch.Domain.Checks;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Postgres;
using NodaTime;

namespace MilestoneWatch.Record;

/// <summary>Milestones and entries as scripts read them. Keys stay; absent values are null.</summary>
internal static class MilestoneJson
{
    public static JsonObject Of(Milestone milestone, IReadOnlyList<Entry> history, Instant now)
    {
        var state = milestone.State;
        var definition = milestone.Definition;
        return new JsonObject
        {
            ["slug"] = milestone.Slug,
            ["title"] = definition.Title,
            ["subject"] = milestone.SubjectSlug,
            ["kind"] = Node(milestone.Kind),
            ["status"] = Node(state.Status),
            ["status_on"] = Node(state.StatusOn),
            ["counts_when"] = definition.CountsWhen,
            ["revision"] = state.Revision,
            ["position"] = state.Position,
            ["zone"] = milestone.Zone.Id,
            ["window"] = state.Window is { } window ? WindowOf(milestone.Phrase, window) : null,
            ["first_window"] = state.FirstWindow is { } first ? WindowOf(FirstPhrase(history, state), first) : null,
            ["moves"] = state.Moves,
            ["slip_days"] = state is { Moves: > 0, FirstWindow: { } from, Window: { } to } ? Window.SlipInDays(from, to) : null,
            ["readings"] = Readings(history),
            ["target"] = definition.Target,
            ["unit"] = definition.Unit,
            ["progress"] = state.Progress is { } value ? new JsonObject { ["value"] = value, ["on"] = Node(state.ProgressOn) } : null,
            ["tally"] = milestone.Kind == MilestoneKind.Tally ? new JsonArray([.. Counted(history).Select(name => (JsonNode)name)]) : null,
            ["threshold"] = definition.Threshold,
            ["forecast"] = Forecast(state, history),
            ["last_looked"] = Node(state.LookedOn),
            ["attention"] = milestone.NeedsAttention(now),
            ["waiting"] = new JsonArray([.. Attention.Of(milestone, now).Select(Node)]),
        };
    }

    /// <param name="history">The entries to write.</param>
    /// <param name="names">Who the actors are.</param>
    /// <param name="later">Entries among which the retractions are; null where the history is whole.</param>
    public static JsonArray History(
        IReadOnlyList<Entry> history,
        IReadOnlyDictionary<Guid, string> names,
        IReadOnlyList<Entry>? later = null
    )
    {
        var retractedBy = (later ?? history)
            .Where(entry => entry.Kind == EntryKind.Retracted)
            .ToDictionary(entry => entry.Retracts!.Value, entry => entry.Position);
        return
        [
            .. history.Select(entry => new JsonObject
            {
                ["position"] = entry.Position,
                ["kind"] = Node(entry.Kind),
                ["recorded_at"] = Node(entry.RecordedAt),
                ["happened_on"] = Node(entry.HappenedOn),
                ["happened_at"] = Node(entry.HappenedAt),
                ["actor"] = entry.Actor is { } actor ? names.GetValueOrDefault(actor) : null,
                ["note"] = entry.Body?.Note,
                ["source"] = Node(entry.Body?.Source),
                ["quote"] = entry.Body?.Quote,
                ["standing"] = Node(entry.Body?.Standing),
                ["body"] = entry.Body is { } body
                    ? JsonSerializer.SerializeToNode(body.Change, body.Change.GetType(), LedgerJson.Options)
                    : null,
                ["retracted_by"] = retractedBy.TryGetValue(entry.Position, out var by) ? by : null,
            }),
        ];
    }

    public static JsonObject WindowOf(string? phrase, Window window) =>
        new()
        {
            ["phrase"] = phrase,
            ["earliest"] = Node(window.Earliest),
            ["latest"] = Node(window.Latest),
            ["precision"] = Node(window.Precision),
            ["edtf"] = Edtf.Of(window),
            ["approximate"] = window.Approximate,
            ["ambiguous"] = window.Ambiguous,
            ["alternative"] = window.Alternative is { } other
                ? new JsonObject { ["earliest"] = Node(other.Earliest), ["latest"] = Node(other.Latest) }
                : null,
        };

    private static string? FirstPhrase(IReadOnlyList<Entry> history, MilestoneState state) =>
        history.FirstOrDefault(entry => entry.Position == state.FirstWindowPosition)?.Body?.Change.PromiseSet()?.Phrase;

    /// <summary>How other sources print the same promise, as far as that stands.</summary>
    private static JsonArray Readings(IReadOnlyList<Entry> history)
    {
        return
        [
            .. history
                .Standing()
                .Select(entry =>
                {
                    if (entry.Body?.Change is not ReadingAdded reading)
                    {
                        return null;
                    }
                    var json = WindowOf(reading.Promise.Phrase, reading.Promise.Window);
                    json["position"] = entry.Position;
                    json["means"] = reading.Means;
                    json["conflicts"] = reading.Conflicts;
                    json["source"] = Node(entry.Body.Source);
                    return json;
                })
                .OfType<JsonObject>(),
        ];
    }

    /// <summary>What the analysts say together: by the window's latest day, and by every day that any of them has a point at.</summary>
    private static JsonObject? Forecast(MilestoneState state, IReadOnlyList<Entry> history)
    {
        var aggregate = new Aggregate(RecordedCurve.Of(history));
        if (aggregate.Points is not { Count: > 0 } points)
        {
            return null;
        }
        return new JsonObject
        {
            ["latest"] = state.Window?.Latest is { } latest && aggregate.At(latest) is { } due ? Of(due) : null,
            ["points"] = new JsonArray([.. points.Select(Of)]),
        };
    }

    public static JsonObject Of(AggregatePoint point) =>
        new()
        {
            ["by"] = Node(point.By),
            ["probability"] = point.Rounded.Probability,
            ["analysts"] = point.Analysts,
        };

    /// <summary>The distinct names that a tally counts, as first written.</summary>
    private static IEnumerable<string> Counted(IReadOnlyList<Entry> history)
    {
        var keys = Refold.CountedIn(history, []);
        return history
            .Select(entry => entry.Body?.Change)
            .OfType<EvidenceAdded>()
            .Where(evidence => evidence is { Counts: true, NameKey: { } key } && keys.Remove(key))
            .Select(evidence => evidence.Name!);
    }

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, LedgerJson.Options);
}
