using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using MilestoneWatch.Domain;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
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

    /// <summary>In UTC, as a person reads it.</summary>
    private static readonly InstantPattern Minute = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm");

    public static Command Create() =>
        new("milestone", "What is on record: reading it, and putting new milestones on the watchlist")
        {
            List(),
            Show(),
            History(),
            MilestoneForecast.Create(),
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
                    () => Print(milestones, at)
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
                output.Write(document, () => Output.Lines(MilestoneSheet.Of(milestone, history, at, Output.Width)));
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
                var withdrawn = history.Withdrawn();
                output.Write(
                    MilestoneJson.History(history, names),
                    () =>
                        Output.Table(
                            ["Position", "Recorded", "Happened", "By", "What"],
                            history.Select(entry => Row(entry, withdrawn, names))
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

    private static void Print(IReadOnlyList<Milestone> milestones, Instant now)
    {
        string[] columns = ["Slug", "Status", "Promised", "Until", "Title"];
        // on a narrow terminal the title needs the room of the day, which the phrase says already
        int[] shown = Output.ForPeople && Output.Width is >= 80 and < 110 ? [0, 1, 2, 4] : [0, 1, 2, 3, 4];
        Output.Table(
            [.. shown.Select(column => columns[column])],
            milestones.Select(milestone => Row(milestone, now)).Select(row => (IReadOnlyList<Cell>)[.. shown.Select(column => row[column])])
        );
    }

    private static Cell[] Row(Milestone milestone, Instant now) =>
        [
            milestone.Slug,
            new(
                StatusMark.Of(milestone.State.Status) + (milestone.NeedsAttention(now) ? " (!)" : ""),
                milestone.NeedsAttention(now) ? "yellow" : StatusMark.Style(milestone.State.Status)
            ),
            milestone.Phrase ?? "—",
            milestone.State.Window?.Latest is { } latest ? Day.Format(latest) : "—",
            milestone.Definition.Title,
        ];

    private static string[] Row(Entry entry, HashSet<long> withdrawn, IReadOnlyDictionary<Guid, string> names)
    {
        var happened =
            entry.HappenedOn is { } on ? LocalDatePattern.Iso.Format(on)
            : entry.HappenedAt is { } at ? Time(at)
            : "—";
        return
        [
            entry.Position.ToString(CultureInfo.InvariantCulture),
            Time(entry.RecordedAt),
            happened,
            entry.Actor is { } actor ? names.GetValueOrDefault(actor, "?") : "clock",
            (withdrawn.Contains(entry.Position) ? "(retracted) " : "") + What(entry) + Told(entry.Body),
        ];
    }

    private static string Time(Instant at) => (Output.ForPeople ? Minute : InstantPattern.General).Format(at);

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
