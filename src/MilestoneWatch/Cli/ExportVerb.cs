using System.CommandLine;
using System.Text;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record.Watchlists;

namespace MilestoneWatch.Cli;

/// <summary>`mw export`: the facts on record, as a file that `mw import` reads.</summary>
internal static class ExportVerb
{
    public static Command Create()
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "Where to write it; stdout when left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var subject = new Option<string?>("--subject")
        {
            Description = "Whose watchlist; needed where there are several",
            HelpName = "SLUG",
        };
        var force = new Option<bool>("--force") { Description = "Replace the file, if it is there; its comments are lost" };
        var schema = new Option<bool>("--schema") { Description = "Print the file's JSON Schema instead, by which editors complete it" };
        var command = new Command(
            "export",
            "Write the facts as a watchlist in YAML: what `mw import` reads. It is the facts, not the ledger: looks, forecasts, retracted and "
                + "redacted entries, old wordings, who recorded what and when, and the comments of an imported file are not in it. "
                + "With --json the same facts as JSON, which `mw import` reads too"
        )
        {
            file,
            subject,
            force,
            schema,
        };
        command.RunsBare(
            async (parse, output, ct) =>
            {
                var path = parse.GetValue(file);
                if (parse.GetValue(schema))
                {
                    await WriteAsync(path, WatchlistSchema.Text, parse.GetValue(force), ct);
                    return ExitCode.Done;
                }
                RefuseOverwriting(path, parse.GetValue(force));
                await using var mw = await Installation.OpenAsync(Settings.Load(), Output.Notice, ct);
                var tree = await mw.ExportAsync(parse.GetValue(subject), ct);
                if (path is null)
                {
                    output.Write(tree, () => Console.Out.Write(WatchlistYaml.Write(tree)));
                    return ExitCode.Done;
                }
                await WriteAsync(path, output.Json ? tree.ToJsonString() + "\n" : WatchlistYaml.Write(tree), parse.GetValue(force), ct);
                output.Write(new { file = path }, () => Output.Notice($"Written to {path}."));
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task WriteAsync(string? path, string text, bool force, CancellationToken ct)
    {
        if (path is null)
        {
            Console.Out.Write(text);
            return;
        }
        RefuseOverwriting(path, force);
        try
        {
            // beside it first: an export that fails leaves the file as it was
            var beside = $"{path}.{Guid.NewGuid():N}";
            await File.WriteAllTextAsync(beside, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), ct);
            File.Move(beside, path, overwrite: force);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException($"{path} cannot be written: {e.Message}");
        }
    }

    private static void RefuseOverwriting(string? path, bool force)
    {
        if (path is not null && !force && File.Exists(path))
        {
            throw new RefusedException($"{path} is there already, and its comments would be lost: choose another name, or add --force");
        }
    }
}
