using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MilestoneWatch.Domain;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace MilestoneWatch.Cli;

/// <summary>`mw milestone …`: reading what is on record, now or as it was known then.</summary>
internal static class MilestoneVerbs
{
    private static readonly LocalDatePattern Day = LocalDatePattern.CreateWithInvariantCulture("d MMM uuuu");

    public static Command Create() =>
        new("milestone", "What is on record: reading it, and putting new milestones on the watchlist")
        {
            List(),
            Show(),
            History(),
            DefinitionVerbs.Add(),
            DefinitionVerbs.Edit(),
        };

    private static Command List()
    {
        var asOf = AsOf.Option();
        var command = new Command("list", "All milestones and questions, with where they stand") { asOf };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var (position, at) = await AsOf.ResolveAsync(parse.GetValue(asOf), connection, mw.Clock, ct);
                var milestones = await LedgerReader.MilestonesAsync(connection, position, ct);
                var histories = output.Json
                    ? await LedgerReader.HistoryAsync(connection, [.. milestones.Select(m => m.Id)], position, ct)
                    : null;
                output.Write(
                    new JsonArray([.. milestones.Select(m => (JsonNode)MilestoneJson.Of(m, [.. histories?[m.Id] ?? []], at))]),
                    () => Output.Table(["Slug", "Status", "Promised", "Until", "Title"], milestones.Select(m => Row(m, at)))
                );
                if (milestones.Count == 0 && !output.Json)
                {
                    Output.Notice("Nothing was on record yet: `mw import FILE` fills it.");
                }
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command Show()
    {
        var slug = RecordVerbs.Slug();
        var asOf = AsOf.Option();
        var command = new Command("show", "One milestone: where it stands, what settles it, what was promised") { slug, asOf };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var (milestone, history, at) = await ReadAsync(
                    parse.GetRequiredValue(slug),
                    parse.GetValue(asOf),
                    connection,
                    mw.Clock,
                    ct
                );
                var names = await LedgerReader.NamesAsync(connection, history, ct);
                var document = MilestoneJson.Of(milestone, history, at);
                document["history"] = MilestoneJson.History(history, names);
                output.Write(document, () => Print(milestone, history, at));
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command History()
    {
        var slug = RecordVerbs.Slug();
        var asOf = AsOf.Option();
        var command = new Command("history", "Every entry of a milestone, oldest first") { slug, asOf };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var (_, history, _) = await ReadAsync(parse.GetRequiredValue(slug), parse.GetValue(asOf), connection, mw.Clock, ct);
                var names = await LedgerReader.NamesAsync(connection, history, ct);
                output.Write(
                    MilestoneJson.History(history, names),
                    () =>
                        Output.Table(
                            ["Position", "Recorded", "Happened", "By", "What"],
                            history.Select(entry => Row(entry, history, names))
                        )
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>A milestone and its entries, now or as known then.</summary>
    /// <exception cref="RefusedException">There is none, or there was none yet.</exception>
    public static async Task<(Milestone Milestone, IReadOnlyList<Entry> History, Instant At)> ReadAsync(
        string slug,
        string? asOf,
        NpgsqlConnection connection,
        IClock clock,
        CancellationToken ct
    )
    {
        var (position, at) = await AsOf.ResolveAsync(asOf, connection, clock, ct);
        if (await LedgerReader.FindAsync(connection, slug, position, ct) is not { } milestone)
        {
            var known = await LedgerReader.SlugsAsync(connection, ct);
            throw new RefusedException(
                known.Contains(slug, StringComparer.Ordinal)
                    ? $"{slug} was not on record yet as of {InstantPattern.General.Format(at)}"
                    : NearestSlug.Message(slug, known)
            );
        }
        var history = await LedgerReader.HistoryAsync(connection, [milestone.Id], position, ct);
        return (milestone, [.. history[milestone.Id]], at);
    }

    private static string[] Row(Milestone milestone, Instant now) =>
        [
            milestone.Slug,
            Face(milestone.State.Status) + (milestone.NeedsAttention(now) ? " (!)" : ""),
            milestone.Phrase ?? "—",
            milestone.State.Window?.Latest is { } latest ? Day.Format(latest) : "—",
            milestone.Definition.Title,
        ];

    /// <summary>A shape and a word, never colour alone.</summary>
    private static string Face(Status status)
    {
        var shape = status switch
        {
            Status.Planned => "○",
            Status.OnTrack => "●",
            Status.AtRisk => "▲",
            Status.Delayed => "◆",
            Status.Achieved or Status.Answered => "✓",
            Status.Missed => "✕",
            Status.Cancelled => "⊘",
            _ => "?",
        };
        return $"{shape} {Words.Of(status)}";
    }

    private static void Print(Milestone milestone, IReadOnlyList<Entry> history, Instant now)
    {
        var definition = milestone.Definition;
        var state = milestone.State;
        Line(definition.Title);
        Line(
            $"{Face(state.Status)}{(milestone.NeedsAttention(now) ? " (!) needs a look" : "")} · {Words.WithArticle(milestone.Kind)} of {milestone.SubjectName}"
        );
        Line("");
        if (milestone.Phrase is { } phrase && state.Window is { } window)
        {
            Line($"Promised    \"{phrase}\": {Bound(window.Earliest)} to {Bound(window.Latest)} ({milestone.Zone.Id})");
            if (window.Alternative is { } other)
            {
                Line($"  or        {Bound(other.Earliest)} to {Bound(other.Latest)}: the phrase can mean either");
            }
            if (state.Moves > 0 && state.FirstWindow is { } first)
            {
                var slip = Window.SlipInDays(first, window) is { } days ? $", {days:+#;-#;0} days in all" : "";
                Line($"Moved       {state.Moves} time{(state.Moves == 1 ? "" : "s")}{slip}");
            }
        }
        if (state.Progress is { } value)
        {
            Line(
                $"Progress    {value.ToString(CultureInfo.InvariantCulture)} of {definition.Target?.ToString(CultureInfo.InvariantCulture)} {definition.Unit}"
            );
        }
        if (milestone.Kind == MilestoneKind.Tally)
        {
            Line($"Counted     {state.Counted}{(definition.Threshold is { } enough ? $" of {enough}" : "; no threshold is set")}");
        }
        if (definition.CountsWhen is { } settles)
        {
            Line($"Settled by  {settles}{(definition.Ours.Contains("counts_when", StringComparer.Ordinal) ? " (our wording)" : "")}");
        }
        Line("");
        Line(
            $"{history.Count} entries; `mw milestone history {milestone.Slug}` shows them. Revision {state.Revision}, position {state.Position}."
        );
    }

    private static string Bound(LocalDate? day) => day is { } known ? Day.Format(known) : "open";

    private static void Line(string line) => Console.Out.WriteLine(line);

    private static string[] Row(Entry entry, IReadOnlyList<Entry> history, IReadOnlyDictionary<Guid, string> names)
    {
        var retracted = history.Any(other => other.Kind == EntryKind.Retracted && other.Retracts == entry.Position);
        var happened =
            entry.HappenedOn is { } on ? LocalDatePattern.Iso.Format(on)
            : entry.HappenedAt is { } at ? InstantPattern.General.Format(at)
            : "—";
        return
        [
            entry.Position.ToString(CultureInfo.InvariantCulture),
            InstantPattern.General.Format(entry.RecordedAt),
            happened,
            entry.Actor is { } actor ? names.GetValueOrDefault(actor, "?") : "clock",
            (retracted ? "(retracted) " : "") + What(entry) + Told(entry.Body),
        ];
    }

    private static string What(Entry entry) =>
        entry.Body?.Change switch
        {
            Added { Promise: { } promise } => $"added, promised for \"{promise.Phrase}\"",
            Added => "added",
            Rescheduled moved => $"moved to \"{moved.Promise.Phrase}\"",
            StatusChanged changed => $"status {Words.Of(changed.Status)}",
            Reopened reopened => $"reopened: {reopened.Reason}",
            ReadingAdded reading => $"also printed as \"{reading.Promise.Phrase}\"{(reading.Conflicts ? " (conflicts)" : "")}",
            ProgressRecorded progress => $"progress {progress.Value.ToString(CultureInfo.InvariantCulture)}",
            EvidenceAdded evidence => $"evidence{(evidence.Name is { } name ? $": {name}, {evidence.Relation}" : "")}",
            Retracted retraction => $"retracts {retraction.Position}: {retraction.Reason}",
            Forecasted forecast =>
                $"forecast {string.Join(", ", forecast.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.Probability:0.###} by {LocalDatePattern.Iso.Format(point.By)}")))}",
            ForecastShifted shifted => string.Create(
                CultureInfo.InvariantCulture,
                $"forecast moved: {shifted.From:0.###} to {shifted.To:0.###} by {LocalDatePattern.Iso.Format(shifted.By)}"
            ),
            ClockSaid { Said: EntryKind.GoneQuiet, Days: { } days } => $"gone quiet: nothing new for {days} days",
            ClockSaid { Days: { } days } said =>
                $"{Spaced(said.Said)}: {days} {(days == 1 ? "day" : "days")} to {LocalDatePattern.Iso.Format(said.On)}",
            ClockSaid said => $"{Spaced(said.Said)}: {LocalDatePattern.Iso.Format(said.On)}",
            null => "redacted",
            _ => Spaced(entry.Kind),
        };

    /// <summary>Who said it, and the analyst's note, behind what it is.</summary>
    private static string Told(EntryBody? body)
    {
        var source = body?.Source is { } read ? $" ({read.Publisher})" : "";
        return body?.Note is { } note ? $"{source}; {note.ReplaceLineEndings(" ")}" : source;
    }

    private static string Spaced<T>(T word)
        where T : struct, Enum => LedgerJson.WriteEnum(word).Replace('_', ' ');
}
