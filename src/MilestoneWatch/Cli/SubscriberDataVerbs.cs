using System.CommandLine;
using MilestoneWatch.Hosting;
using MilestoneWatch.Subscribers;

namespace MilestoneWatch.Cli;

/// <summary>`mw subscriber export` and `erase`: what is held on one reader, handed out or gone.</summary>
internal static class SubscriberDataVerbs
{
    public static Command Export()
    {
        var email = SubscriberVerbs.Email();
        var command = new Command("export", "Everything that is held on one reader, as JSON") { email };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var reader = await SubscriberVerbs.FindAsync(mw, parse.GetRequiredValue(email), ct);
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var data = (await ReaderData.ExportAsync(connection, reader.Id, mw.Clock.GetCurrentInstant(), ct))!;
                output.Write(data, () => Console.Out.WriteLine(ReaderData.Text(data)));
                return ExitCode.Done;
            }
        );
        return command;
    }

    public static Command Erase()
    {
        var email = SubscriberVerbs.Email();
        var yes = new Option<bool>("--yes") { Description = "Do it: it cannot be undone" };
        var command = new Command("erase", "Delete one reader and everything that is held on them") { email, yes };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var reader = await SubscriberVerbs.FindAsync(mw, parse.GetRequiredValue(email), ct);
                if (!parse.GetValue(yes))
                {
                    throw new RefusedException(
                        $"erasing {reader.Email} cannot be undone: say --yes to do it; `mw subscriber export {reader.Email}` keeps a copy"
                    );
                }
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                await ReaderData.EraseAsync(connection, reader.Id, ct);
                output.Write(
                    new { erased = reader.Email },
                    () => Console.Out.WriteLine($"{reader.Email} is erased; their links are dead, and nothing more is sent.")
                );
                return ExitCode.Done;
            }
        );
        return command;
    }
}
