using System.CommandLine;
using System.Text.Json.Nodes;
using MilestoneWatch.Domain;
using MilestoneWatch.Domain.Checks;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using NodaTime.Text;

namespace MilestoneWatch.Cli;

/// <summary>`mw attention`: what waits for analysts, now or as it was then.</summary>
internal static class AttentionVerb
{
    public static Command Create()
    {
        var asOf = AsOf.Option();
        var command = new Command("attention", "What waits for analysts: passed windows, reached targets, silence") { asOf };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var (position, at) = await AsOf.ResolveAsync(parse.GetValue(asOf), connection, mw.Clock, ct);
                var waiting = (await LedgerReader.MilestonesAsync(connection, position, ct))
                    .Select(milestone => (Milestone: milestone, Why: Attention.Of(milestone, at)))
                    .Where(item => item.Why.Count > 0)
                    .ToList();
                output.Write(
                    new JsonArray([
                        .. waiting.Select(item =>
                            (JsonNode)
                                new JsonObject
                                {
                                    ["slug"] = item.Milestone.Slug,
                                    ["waiting"] = new JsonArray([.. item.Why.Select(why => (JsonNode)LedgerJson.WriteEnum(why))]),
                                    ["latest"] = item.Milestone.State.Window?.Latest is { } latest
                                        ? LocalDatePattern.Iso.Format(latest)
                                        : null,
                                    ["last_looked"] = item.Milestone.State.LookedOn is { } looked
                                        ? LocalDatePattern.Iso.Format(looked)
                                        : null,
                                }
                        ),
                    ]),
                    () =>
                        Output.Table(
                            ["Slug", "What waits", "Due by", "Last looked"],
                            waiting.Select(item =>
                                (IReadOnlyList<string>)
                                    [
                                        item.Milestone.Slug,
                                        string.Join("; ", item.Why.Select(Words.Of)),
                                        item.Milestone.State.Window?.Latest is { } latest ? LocalDatePattern.Iso.Format(latest) : "—",
                                        item.Milestone.State.LookedOn is { } looked ? LocalDatePattern.Iso.Format(looked) : "never",
                                    ]
                            )
                        )
                );
                if (waiting.Count == 0 && !output.Json)
                {
                    Output.Notice("Nothing waits for an analyst.");
                }
                return ExitCode.Done;
            }
        );
        return command;
    }
}
