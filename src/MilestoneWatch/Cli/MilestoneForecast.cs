using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using MilestoneWatch.Web.Words;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Cli;

/// <summary>`mw milestone forecast`: what the analysts say, together and each, and how it went.</summary>
internal static class MilestoneForecast
{
    public static Command Create()
    {
        var slug = RecordVerbs.Slug();
        var asOf = AsOf.Option();
        var command = new Command("forecast", "What analysts forecast, together and each, and how good it was") { slug, asOf };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var (milestone, history, at) = await MilestoneVerbs.ReadAsync(
                    parse.GetRequiredValue(slug),
                    parse.GetValue(asOf),
                    connection,
                    mw.Clock,
                    ct
                );
                var names = await LedgerReader.NamesAsync(connection, history, ct);
                var curves = RecordedCurve.Of(history);
                var scores = Scores
                    .Of(curves, milestone.State, milestone.Zone, at)
                    .OrderBy(score => score.By)
                    .ThenBy(score => names.GetValueOrDefault(score.Analyst), StringComparer.Ordinal)
                    .ToList();
                output.Write(Json(milestone, curves, scores, names), () => Print(milestone, curves, scores, names));
                if (curves.Count == 0 && !output.Json)
                {
                    Output.Notice($"Nobody has forecast it yet: `mw forecast {milestone.Slug} --by DATE=P` does.");
                }
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void Print(
        Milestone milestone,
        IReadOnlyList<RecordedCurve> curves,
        IReadOnlyList<Score> scores,
        IReadOnlyDictionary<Guid, string> names
    )
    {
        var points = new Aggregate(curves).Points;
        var present = Present(curves).OrderBy(curve => Name(curve.Analyst), StringComparer.Ordinal).ToList();
        if (curves.Count == 0)
        {
            return;
        }
        Output.Table(
            ["Who", "By", "Probability", "Recorded"],
            points
                .Select(point =>
                    (IReadOnlyList<string>)
                        [
                            "together",
                            Day(point.By) + (point.By == milestone.State.Window?.Latest ? " (due)" : ""),
                            Domain.Words.AboutPercent(point.Rounded.Probability),
                            NumberWords.Count(point.Analysts, "analyst", "analysts"),
                        ]
                )
                .Concat(
                    present.SelectMany(
                        curve => curve.Points,
                        (curve, point) =>
                            (IReadOnlyList<string>)
                                [
                                    Name(curve.Analyst),
                                    Day(point.By),
                                    Domain.Words.Percent(point.Probability),
                                    InstantPattern.General.Format(curve.RecordedAt),
                                ]
                    )
                )
        );
        if (scores.Count > 0)
        {
            Console.Out.WriteLine();
            Output.Table(
                ["Scored", "By", "Happened", "Last said", "Brier", "Log", "Brier over time", "Log over time"],
                scores.Select(score =>
                    (IReadOnlyList<string>)
                        [
                            Name(score.Analyst),
                            Day(score.By),
                            score.Happened ? "yes" : "no",
                            Domain.Words.Percent(score.Points[^1].Probability),
                            Figure(score.Points[^1].Brier),
                            Figure(score.Points[^1].Log),
                            Figure(score.TimeWeightedBrier),
                            Figure(score.TimeWeightedLog),
                        ]
                )
            );
        }
        if (Output.ForPeople)
        {
            Output.Lines(
                Sheet
                    .Wrap(
                        Invariant($"A forecast's weight halves every {Aggregate.HalfLife.TotalDays:0} days.")
                            + (scores.Count > 0 ? " Brier: 0 is best, 0.25 what 50% gets; log: 0 is best, −0.69 what 50% gets." : ""),
                        Output.Width
                    )
                    .Select(line => DrawnLine.Of(line, Ink.Quiet))
            );
        }

        string Name(Guid id) => names.GetValueOrDefault(id, "?");
    }

    private static JsonObject Json(
        Milestone milestone,
        IReadOnlyList<RecordedCurve> curves,
        IReadOnlyList<Score> scores,
        IReadOnlyDictionary<Guid, string> names
    )
    {
        var aggregate = new Aggregate(curves);
        return new JsonObject
        {
            ["slug"] = milestone.Slug,
            ["latest"] = milestone.State.Window?.Latest is { } latest && aggregate.At(latest) is { } due ? MilestoneJson.Of(due) : null,
            ["points"] = new JsonArray([.. aggregate.Points.Select(MilestoneJson.Of)]),
            ["half_life_days"] = Aggregate.HalfLife.TotalDays,
            ["analysts"] = new JsonArray([
                .. Present(curves)
                    .Select(curve => new JsonObject
                    {
                        ["analyst"] = names.GetValueOrDefault(curve.Analyst),
                        ["position"] = curve.Position,
                        ["recorded_at"] = InstantPattern.ExtendedIso.Format(curve.RecordedAt),
                        ["points"] = new JsonArray([
                            .. curve.Points.Select(point => new JsonObject
                            {
                                ["by"] = LocalDatePattern.Iso.Format(point.By),
                                ["probability"] = point.Probability,
                            }),
                        ]),
                    }),
            ]),
            ["scores"] = new JsonArray([
                .. scores.Select(score => new JsonObject
                {
                    ["analyst"] = names.GetValueOrDefault(score.Analyst),
                    ["by"] = LocalDatePattern.Iso.Format(score.By),
                    ["happened"] = score.Happened,
                    ["points"] = new JsonArray([
                        .. score.Points.Select(point => new JsonObject
                        {
                            ["position"] = point.Position,
                            ["recorded_at"] = InstantPattern.ExtendedIso.Format(point.RecordedAt),
                            ["probability"] = point.Probability,
                            ["brier"] = point.Brier,
                            ["log"] = point.Log,
                        }),
                    ]),
                    ["time_weighted_brier"] = score.TimeWeightedBrier,
                    ["time_weighted_log"] = score.TimeWeightedLog,
                }),
            ]),
        };
    }

    private static IEnumerable<RecordedCurve> Present(IReadOnlyList<RecordedCurve> curves) =>
        curves.GroupBy(curve => curve.Analyst).Select(own => own.MaxBy(curve => curve.Position)!).OrderBy(curve => curve.Position);

    private static string Day(LocalDate day) => LocalDatePattern.Iso.Format(day);

    private static string Figure(double score) => score.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
