using System.CommandLine;
using System.Globalization;
using MilestoneWatch.Digests;
using MilestoneWatch.Domain;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using Spectre.Console;

namespace MilestoneWatch.Cli;

/// <summary>
/// How every change is recorded from the command line: what readers will be told is printed first; where a person types, they are asked;
/// then it is recorded, against the revision that they were shown.
/// </summary>
internal static class Telling
{
    /// <summary>Makes the change: against the revision if one is given, and only to be looked at if there is a look.</summary>
    internal delegate Task<RecordOutcome> Change(int? revision, Look? look);

    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask before recording (piped input never asks)" };

    public static async Task<int> RunAsync(
        Installation mw,
        Output output,
        bool yes,
        int? revision,
        Change change,
        CancellationToken ct,
        string? warning = null
    )
    {
        var now = mw.Clock.GetCurrentInstant();
        Announcement? told = null;
        int? seen = null;
        var tried = Accepted(
            await change(
                revision,
                async (connection, before, after, stop) =>
                {
                    seen = before?.State.Revision;
                    told = await Announcement.OfAsync(connection, before, after, now, stop);
                }
            )
        );
        if (!output.Json)
        {
            Print(told!, tried);
        }
        if (warning is not null)
        {
            Output.Notice(warning);
        }
        if (!yes && Output.Asks && !output.Json)
        {
            Console.Error.Write("Record this? [y/N] ");
            if (Console.ReadLine()?.Trim().ToUpperInvariant() is not ("Y" or "YES"))
            {
                throw new RefusedException("nothing was recorded");
            }
            revision = seen;
        }
        var recorded = Accepted(await change(revision, null));
        await ReportAsync(mw, output, recorded, told!, ct);
        return ExitCode.Done;
    }

    private static RecordOutcome.Recorded Accepted(RecordOutcome outcome) =>
        outcome switch
        {
            RecordOutcome.Recorded recorded => recorded,
            RecordOutcome.Refused refused => throw new RefusedException(refused.Reason),
            _ => throw new InvalidOperationException(),
        };

    private static void Print(Announcement told, RecordOutcome.Recorded tried)
    {
        var text = told switch
        {
            { View: { } view } => $"Subject: {view.Subject}\n\n{DigestText.News(view)}".TrimEnd(),
            { LastLook: { } look } => $"No mail goes out for this. The next mail that tells of it says: {look}",
            _ => "No mail goes out for this.",
        };
        var who =
            told.Readers == 0 ? "nobody follows it yet"
            : told.AtOnce == 0 ? $"{Count(told.Readers)} in their next mail"
            : told.AtOnce == told.Readers ? $"{Count(told.Readers)} at once"
            : string.Create(CultureInfo.InvariantCulture, $"{Count(told.Readers)}, {told.AtOnce} of them at once");
        var title = told.View is null ? $"What readers will see of {tried.Slug}" : $"What readers will be told ({who})";
        if (Output.ForPeople)
        {
            AnsiConsole.Write(
                new Panel(new Text(text.Replace('\u00a0', ' ')))
                {
                    Header = new PanelHeader($"[bold]{Markup.Escape(title)}[/]"),
                    Border = BoxBorder.Rounded,
                    BorderStyle = new Style(Color.Grey),
                    Padding = new Padding(1, 0),
                }
            );
            return;
        }
        Console.Out.WriteLine($"{title}:");
        Console.Out.WriteLine();
        foreach (var line in text.Replace('\u00a0', ' ').Split('\n'))
        {
            Console.Out.WriteLine(line.Length == 0 ? "" : $"  {line}");
        }
        Console.Out.WriteLine();
    }

    private static string Count(int readers) =>
        readers == 1 ? "1 reader" : string.Create(CultureInfo.InvariantCulture, $"{readers:#,##0} readers");

    private static async Task ReportAsync(
        Installation mw,
        Output output,
        RecordOutcome.Recorded recorded,
        Announcement told,
        CancellationToken ct
    )
    {
        await using var connection = await mw.Database.OpenConnectionAsync(ct);
        var milestone = (await LedgerReader.FindAsync(connection, recorded.Slug, long.MaxValue, ct))!;
        var history = (await LedgerReader.HistoryAsync(connection, [milestone.Id], long.MaxValue, ct))[milestone.Id].ToList();
        var document = MilestoneJson.Of(milestone, history, mw.Clock.GetCurrentInstant());
        document["recorded"] = recorded.Position;
        document["told"] = told.Json();
        output.Write(
            document,
            () =>
            {
                var date = milestone.Phrase is { } phrase ? $", \"{phrase}\"" : "";
                Console.Out.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Recorded at position {recorded.Position}: {milestone.Definition.Called()} is {Words.Of(milestone.State.Status)}{date}."
                    )
                );
            }
        );
    }
}
