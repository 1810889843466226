using System.CommandLine;
using MilestoneWatch.Bounces;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Record;
using NodaTime.Text;

namespace MilestoneWatch.Cli;

/// <summary>`mw suppression …`: who is not written to and why, and the way back.</summary>
internal static class SuppressionVerbs
{
    public static Command Create() => new("suppression", "Addresses that no mail is sent to, and why") { List(), Show(), Add(), Remove() };

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = "Also those that mail goes to again" };
        var command = new Command("list", "All addresses that no mail is sent to") { all };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                Print(output, await SuppressionStore.ListAsync(connection, parse.GetValue(all), ct));
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command Show()
    {
        var email = Email();
        var command = new Command("show", "The story of one address") { email };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var mailbox = Read(parse.GetRequiredValue(email));
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var story = await SuppressionStore.StoryAsync(connection, mailbox.Key, ct);
                if (story.Count == 0)
                {
                    throw new RefusedException($"{mailbox.Address} was never suppressed; `mw suppression list --all` shows who was");
                }
                Print(output, story);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command Add()
    {
        var (email, reason) = (Email(), Reason("Why no mail is to be sent there"));
        var command = new Command("add", "Send no more mail to an address, not even what waits") { email, reason };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var mailbox = Read(parse.GetRequiredValue(email));
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                await using var transaction = await connection.BeginTransactionAsync(ct);
                var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
                if (
                    !await SuppressionStore.SuppressAsync(
                        connection,
                        mailbox,
                        Suppression.Manual,
                        Text(parse.GetRequiredValue(reason)),
                        now,
                        ct
                    )
                )
                {
                    var stands = (await SuppressionStore.StandingAsync(connection, mailbox.Key, ct))!;
                    throw new RefusedException($"no mail is sent to {mailbox.Address} already, {stands.InWords()}");
                }
                await transaction.CommitAsync(ct);
                output.Write(
                    Json((await SuppressionStore.StandingAsync(connection, mailbox.Key, ct))!),
                    () => Console.Out.WriteLine($"No more mail is sent to {mailbox.Address}.")
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static Command Remove()
    {
        var (email, reason) = (Email(), Reason("Why mail may be sent there again"));
        var command = new Command("remove", "Send mail to an address again: its reader's next one tells everything since")
        {
            email,
            reason,
        };
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                var mailbox = Read(parse.GetRequiredValue(email));
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var now = Ledger.Micros(mw.Clock.GetCurrentInstant());
                if (!await SuppressionStore.LiftAsync(connection, mailbox, Text(parse.GetRequiredValue(reason)), now, ct))
                {
                    throw new RefusedException($"{mailbox.Address} is not suppressed; `mw suppression list` shows who is");
                }
                output.Write(
                    Json((await SuppressionStore.StoryAsync(connection, mailbox.Key, ct))[^1]),
                    () => Console.Out.WriteLine($"Mail is sent to {mailbox.Address} again, at its reader's next due time.")
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static void Print(Output output, IReadOnlyList<Suppression> suppressions) =>
        output.Write(
            suppressions.Select(Json).ToList(),
            () =>
                Output.Table(
                    ["Address", "Since", "Why", "Until"],
                    suppressions.Select(one =>
                        new[]
                        {
                            one.Address,
                            InstantPattern.General.Format(one.SuppressedAt),
                            one.InWords(),
                            one.LiftedAt is { } lifted ? $"{InstantPattern.General.Format(lifted)}: {one.LiftedBecause}" : "—",
                        }
                    )
                )
        );

    private static object Json(Suppression one) =>
        new
        {
            one.Address,
            one.Reason,
            one.Evidence,
            one.SuppressedAt,
            one.LiftedAt,
            one.LiftedBecause,
        };

    private static Argument<string> Email() => new("EMAIL") { Description = "The address" };

    private static Option<string> Reason(string description) =>
        new("--reason")
        {
            Description = description,
            HelpName = "TEXT",
            Required = true,
        };

    private static string Text(string reason) =>
        Refusal.OneLine(reason) ?? throw new RefusedException("--reason is empty: say why, for whoever reads it in a year");

    private static Mailbox Read(string email) =>
        Mailbox.TryRead(email.Trim(), out var mailbox)
            ? mailbox
            : throw new RefusedException($"\"{email}\" is no address: write it as name@example.org");
}
