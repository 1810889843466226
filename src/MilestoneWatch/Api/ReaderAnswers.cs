using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MilestoneWatch.Bounces;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Subscribers;

namespace MilestoneWatch.Api;

/// <summary>Who follows what, and what they were sent or why they were not; for admins.</summary>
internal static class ReaderAnswers
{
    /// <summary>How far back the story of a reader's digests goes.</summary>
    private const int Years = 2;

    public static async Task<IResult> PageAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        const string Question = "readers";
        var asked = new Asked(http.Request, "limit", "cursor");
        var (limit, cursor) = (asked.Limit(), asked.Cursor(Question));
        if (asked.Problem is { } problem)
        {
            return problem;
        }
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var page = cursor ?? new Cursor(0, 0);
        var readers = await SubscriberStore.PageAsync(connection, null, page.After, limit + 1, ct);
        var refusing = await SuppressionStore.OfReadersAsync(connection, [.. readers.Select(reader => reader.Id)], ct);
        return ApiAnswer.Of(
            http,
            new JsonObject
            {
                ["items"] = new JsonArray([.. readers.Take(limit).Select(reader => Of(reader, refusing))]),
                ["next_cursor"] = readers.Count > limit ? (page with { After = readers[limit - 1].Id }).Write(Question) : null,
            }
        );
    }

    public static async Task<IResult> OneAsync(Installation mw, HttpContext http, string id, CancellationToken ct)
    {
        if (new Asked(http.Request).Problem is { } problem)
        {
            return problem;
        }
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        if (
            !long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || await SubscriberStore.FindAsync(connection, number, ct) is not { } reader
        )
        {
            return ApiProblem.NoSuchReader(id);
        }
        var since = mw.Clock.GetCurrentInstant().InUtc().Date.PlusYears(-Years).AtMidnight().InUtc().ToInstant();
        var json = Of(reader, await SuppressionStore.OfReadersAsync(connection, [reader.Id], ct));
        json["due"] = new JsonArray([
            .. (await DecisionStore.OfAsync(connection, reader.Id, since, ct)).Select(decision => new JsonObject
            {
                ["due_at"] = Node(decision.DueSlot),
                ["outcome"] = decision.Outcome,
                ["why"] = decision.InWords(),
                ["digest_number"] = decision.DigestNumber,
                ["subject"] = decision.SubjectLine,
                ["told"] = new JsonArray([.. (decision.Held ?? []).Select(line => (JsonNode)line)]),
                ["delivery"] = decision.DeliveryState,
                ["reply"] = decision.LastReply,
            }),
        ]);
        return ApiAnswer.Of(http, json);
    }

    private static JsonObject Of(Subscriber reader, IReadOnlyDictionary<long, string> refusing)
    {
        var json = SubscriberJson.Of(reader, refusing.GetValueOrDefault(reader.Id));
        json.Insert(0, "id", reader.Id);
        return json;
    }

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, LedgerJson.Options);
}
