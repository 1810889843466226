using System.CommandLine;
using MilestoneWatch.Hosting;

namespace MilestoneWatch.Cli;

/// <summary>`mw demo`: the main job, end to end, with nothing configured.</summary>
internal static class DemoVerb
{
    public static Command Create()
    {
        var noServe = new Option<bool>("--no-serve") { Description = "Stop after the replay" };
        var command = new Command(
            "demo",
            "Replay the founding watchlist from 2026-05-28 to now, every mail as a file, then serve the pages"
        )
        {
            noServe,
        };
        command.RunsBare(
            async (parse, output, ct) =>
            {
                var settings = Settings.Load();
                if (!settings.IsEmbedded)
                {
                    throw new RefusedException(
                        "mw demo runs on the embedded database only: unset MW_ConnectionStrings__MilestoneWatch, or use `mw serve`"
                    );
                }
                await Demo.RunAsync(settings, output, !parse.GetValue(noServe), ct);
                return ExitCode.Done;
            },
            runsUntilTold: true
        );
        return command;
    }
}
