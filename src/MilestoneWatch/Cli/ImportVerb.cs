using System.CommandLine;
using System.Globalization;
using MilestoneWatch.Record.Watchlists;

namespace MilestoneWatch.Cli;

/// <summary>`mw import`: what a watchlist says becomes entries, each told in a line.</summary>
internal static class ImportVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "A watchlist in YAML, as `mw export` writes it" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Tell what would be recorded, and record nothing" };
        var command = new Command(
            "import",
            "Record what a watchlist says and had not said before. What it leaves out stays, a fact that it words anew is a new fact, "
                + "and what is on record already is not recorded twice"
        )
        {
            file,
            dryRun,
        };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var dry = parse.GetValue(dryRun);
                var result = await mw.ImportAsync(parse.GetRequiredValue(file), dry, ct);
                output.Write(
                    new
                    {
                        entries = result.Entries,
                        dry_run = dry,
                        changes = result.Lines,
                    },
                    () => Tell(result, dry)
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void Tell(ImportResult result, bool dry)
    {
        foreach (var line in result.Lines)
        {
            Console.Out.WriteLine(line.Milestone is null ? line.Says : $"{line.Milestone}  {line.Says}");
        }
        var count = result.Entries == 1 ? "1 entry" : string.Create(CultureInfo.InvariantCulture, $"{result.Entries} entries");
        Console.Out.WriteLine(
            result.Lines.Count == 0 ? "Nothing new: the watchlist had said all of it before, or it is on record."
            : dry ? $"{count} would be recorded; nothing was."
            : $"{count} recorded."
        );
    }
}
