using System.Text.Json;
using System.Text.Json.Nodes;
using MilestoneWatch.Domain.Checks;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;

namespace MilestoneWatch.Api;

/// <summary>What analysts see and the public does not: what waits for them, and who recorded what.</summary>
internal static class DeskAnswers
{
    public static async Task<IResult> AttentionAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        var asked = new Asked(http.Request, "asOf", "limit", "cursor");
        var asOf = asked.AsOf();
        var question = $"attention;{asOf}";
        var (limit, cursor) = (asked.Limit(), asked.Cursor(question));
        if (asked.Problem is { } problem)
        {
            return problem;
        }
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var (head, at) = await MilestoneAnswers.AtAsync(connection, mw.Clock, asOf, ct);
        var page = cursor ?? new Cursor(head, 0);
        var waiting = (await LedgerReader.MilestonesAsync(connection, page.Position, ct))
            .Where(milestone => milestone.Id > page.After)
            .Select(milestone => (Milestone: milestone, Why: Attention.Of(milestone, at)))
            .Where(item => item.Why.Count > 0)
            .Take(limit + 1)
            .ToList();
        return ApiAnswer.Of(
            http,
            new JsonObject
            {
                ["items"] = new JsonArray([
                    .. waiting
                        .Take(limit)
                        .Select(item => new JsonObject
                        {
                            ["slug"] = item.Milestone.Slug,
                            ["waiting"] = new JsonArray([.. item.Why.Select(why => (JsonNode)LedgerJson.WriteEnum(why))]),
                            ["latest"] = Node(item.Milestone.State.Window?.Latest),
                            ["last_looked"] = Node(item.Milestone.State.LookedOn),
                        }),
                ]),
                ["next_cursor"] = waiting.Count > limit ? (page with { After = waiting[limit - 1].Milestone.Id }).Write(question) : null,
            }
        );
    }

    public static async Task<IResult> AuditAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        var asked = new Asked(http.Request, "analyst", "door", "asOf", "limit", "cursor");
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var analysts = http.Request.Query.ContainsKey("analyst")
            ? asked.Any("analyst", await AuditStore.AnalystsAsync(connection, ct), "an analyst is named as entries name them")
            : null;
        var doors = asked.Words<Door>("door");
        var asOf = asked.AsOf();
        var question = $"audit;{JsonSerializer.Serialize(analysts)};{JsonSerializer.Serialize(doors)};{asOf}";
        var (limit, cursor) = (asked.Limit(), asked.Cursor(question));
        if (asked.Problem is { } problem)
        {
            return problem;
        }
        var (head, _) = await MilestoneAnswers.AtAsync(connection, mw.Clock, asOf, ct);
        var page = cursor ?? new Cursor(head, head + 1);
        var rows = await AuditStore.ReadAsync(connection, analysts, doors, clock: true, page.After, limit + 1, ct);
        return ApiAnswer.Of(
            http,
            new JsonObject
            {
                ["items"] = new JsonArray([
                    .. rows.Take(limit)
                        .Select(row => new JsonObject
                        {
                            ["position"] = row.Position,
                            ["recorded_at"] = Node(row.RecordedAt),
                            ["milestone"] = row.Slug,
                            ["kind"] = LedgerJson.WriteEnum(row.Kind),
                            ["analyst"] = row.Analyst,
                            ["door"] = row.Door is { } door ? LedgerJson.WriteEnum(door) : null,
                            ["happened_on"] = Node(row.HappenedOn),
                            ["retracts"] = row.Retracts,
                        }),
                ]),
                ["next_cursor"] = rows.Count > limit ? (page with { After = rows[limit - 1].Position }).Write(question) : null,
            }
        );
    }

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, LedgerJson.Options);
}
