using System.CommandLine;
using System.Globalization;
using MilestoneWatch.Access;
using MilestoneWatch.Record;
using NodaTime.Text;

namespace MilestoneWatch.Cli;

/// <summary>What of `mw user …` lets somebody in when mail does not, and puts them out.</summary>
internal static class UserAccessVerbs
{
    public static Command Link()
    {
        var who = Who();
        var command = new Command(
            "link",
            "Print a link to sign in with, for when mail does not work: once, for ten minutes, in any browser"
        )
        {
            who,
        };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var analyst = await UserVerbs.FindAsync(connection, parse.GetRequiredValue(who), ct);
                var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
                var link = await SigningIn.NewLinkAsync(connection, mw.Settings.Site, analyst, browser: null, to: null, now, ct);
                Output.Notice(
                    $"Signs in {analyst.Name}: once, for ten minutes, in any browser. Whoever has it is {analyst.Name}: give it to nobody else."
                );
                output.Write(
                    new
                    {
                        analyst.Name,
                        link,
                        expires_at = InstantPattern.ExtendedIso.Format(now + SigningIn.LinkLife),
                    },
                    () => Console.Out.WriteLine(link)
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    public static Command SignOut()
    {
        var who = Who();
        var command = new Command("sign-out", "End all of an analyst's sessions, and the links that would begin one") { who };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var analyst = await UserVerbs.FindAsync(connection, parse.GetRequiredValue(who), ct);
                await using var transaction = await connection.BeginTransactionAsync(ct);
                var ended = await Roster.SignOutAsync(connection, analyst, ct);
                await transaction.CommitAsync(ct);
                output.Write(
                    new { analyst.Name, sessions_ended = ended },
                    () =>
                        Console.Out.WriteLine(
                            string.Create(CultureInfo.InvariantCulture, $"{analyst.Name} is signed out: {ended} session(s) ended.")
                        )
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    public static Command Remove()
    {
        var who = Who();
        var command = new Command(
            "remove",
            "Take an analyst's access: address, role, sessions and API tokens; what they recorded keeps their name"
        )
        {
            who,
        };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                Checks.Analyst analyst;
                await using (var connection = await mw.Database.OpenConnectionAsync(ct))
                {
                    analyst = await UserVerbs.FindAsync(connection, parse.GetRequiredValue(who), ct);
                }
                await Roster.RemoveAsync(mw, analyst, ct);
                output.Write(
                    new { analyst.Name, removed = true },
                    () => Console.Out.WriteLine($"{analyst.Name} can sign in no more. What they recorded keeps their name.")
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Argument<string> Who() => new("EMAIL|NAME") { Description = "The analyst's address, or name" };
}
