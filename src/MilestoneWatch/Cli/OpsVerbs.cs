using System.CommandLine;
using System.Globalization;
using MilestoneWatch.Delivery;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;
using MilestoneWatch.Record;

namespace MilestoneWatch.Cli;

/// <summary>The verbs for ops: migrating, single passes, verifying.</summary>
internal static class OpsVerbs
{
    public static Command Migrate()
    {
        var command = new Command("migrate", "Bring the schema up to date; safe twice, and from two places at once");
        command.RunsBare(
            async (_, output, ct) =>
            {
                var settings = Settings.Load();
                if (settings.IsEmbedded)
                {
                    await using var embedded = await Installation.OpenAsync(settings, Output.Notice, ct);
                    output.Write(new { up_to_date = true }, () => Console.Out.WriteLine("The schema is up to date."));
                    return ExitCode.Done;
                }
                var owner = settings.MigrationsConnectionString ?? settings.ConnectionString!;
                var applied = await Migrations.ApplyAsync(owner, ct);
                await Grants.ApplyAsync(owner, settings.ConnectionString!, ct);
                output.Write(
                    new { up_to_date = true, applied },
                    () =>
                        Console.Out.WriteLine(
                            applied == 0 ? "The schema is up to date." : $"The schema is up to date: {applied} migration(s) applied."
                        )
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    public static Command Check() =>
        Pass(
            "check",
            "One pass of checks: what the clock has to say is said",
            async (mw, _, _, ct) => await DrainAsync(mw.Checks.RunOnceAsync, ct)
        );

    public static Command Deliver() =>
        Pass(
            "deliver",
            "One pass of delivery: who asked to join or to sign in is answered, and what is ready is sent",
            async (mw, _, output, ct) =>
            {
                await DrainAsync(mw.SignIns.RunOnceAsync, ct);
                await DrainAsync(mw.Joins.RunOnceAsync, ct);
                await DeliverAsync(mw, output, ct);
            }
        );

    public static Command Digest()
    {
        var command = Pass(
            "digest",
            "One pass of digests, and of analysts' nudges: what is due is written",
            async (mw, _, output, ct) =>
            {
                var progress = new ProgressLine(output, "Digests", await mw.Digests.CountDueAsync(ct), TimeProvider.System);
                while (await mw.Digests.RunOnceAsync(ct))
                {
                    progress.Report(mw.Digests.Readers);
                }
                progress.End(mw.Digests.Readers, "readers looked after");
                await DrainAsync(mw.Nudges.RunOnceAsync, ct);
            }
        );
        command.Subcommands.Add(DigestVerbs.Preview());
        return command;
    }

    public static Command RunOnce()
    {
        var untilIdle = new Option<bool>("--until-idle") { Description = "Repeat until nothing is left to do" };
        var command = Pass(
            "run-once",
            "One pass of checks, digests and delivery",
            async (mw, parse, _, ct) =>
            {
                while (await AllAsync(mw, ct) && parse.GetValue(untilIdle)) { }
            }
        );
        command.Options.Add(untilIdle);
        return command;
    }

    public static Command Ledger()
    {
        var verify = new Command("verify", "Recompute every hash and refold every state; exits 1 if anything is wrong");
        verify.Runs(
            async (_, mw, output, ct) =>
            {
                await using var connection = await mw.Database.OpenConnectionAsync(ct);
                var report = await LedgerVerification.RunAsync(connection, ct);
                output.Write(
                    report,
                    () =>
                    {
                        foreach (var position in report.Redacted)
                        {
                            Console.Out.WriteLine($"Entry {position}: redacted.");
                        }
                        Console.Out.WriteLine(
                            report.Problems.Count == 0
                                ? string.Create(
                                    CultureInfo.InvariantCulture,
                                    $"The ledger holds: {report.Entries} entries, hashes and states agree."
                                )
                                : string.Create(
                                    CultureInfo.InvariantCulture,
                                    $"The ledger does not hold: {report.Problems.Count} of {report.Entries} entries are wrong."
                                )
                        );
                    }
                );
                foreach (var problem in report.Problems)
                {
                    Console.Error.WriteLine($"mw: entry {problem.Position}: {problem.What}");
                }
                return report.Problems.Count == 0 ? ExitCode.Done : ExitCode.Refused;
            }
        );
        return new Command("ledger", "The append-only record") { verify, CorrectionVerbs.Redact() };
    }

    private static Command Pass(string name, string description, Func<Installation, ParseResult, Output, CancellationToken, Task> run)
    {
        var command = new Command(name, description);
        command.Runs(
            async (parse, mw, output, ct) =>
            {
                await run(mw, parse, output, ct);
                output.Write(new { done = true, trouble = mw.Pump.Trouble }, () => { });
                if (mw.Pump.Trouble is { } trouble)
                {
                    Output.Notice($"mw: the relay takes no mail, so mails wait: {trouble}");
                    return ExitCode.Down;
                }
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task DeliverAsync(Installation mw, Output output, CancellationToken ct)
    {
        long waiting;
        await using (var connection = await mw.Database.OpenConnectionAsync(ct))
        {
            waiting = await DeliveryStore.WaitingAsync(connection, ct);
        }
        var progress = new ProgressLine(output, "Mails", waiting, TimeProvider.System);
        var pumping = DrainAsync(mw.Pump.RunOnceAsync, ct);
        while (!pumping.IsCompleted)
        {
            if (mw.Pump.Tally.Sent > 0)
            {
                progress.Report(mw.Pump.Tally.Sent);
            }
            await Task.WhenAny(pumping, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None));
        }
        await pumping;
        progress.End(mw.Pump.Tally.Sent, "mails sent");
    }

    private static async Task<bool> AllAsync(Installation mw, CancellationToken ct)
    {
        var worked = await DrainAsync(mw.Checks.RunOnceAsync, ct);
        worked |= await DrainAsync(mw.Digests.RunOnceAsync, ct);
        worked |= await DrainAsync(mw.Nudges.RunOnceAsync, ct);
        worked |= await DrainAsync(mw.SignIns.RunOnceAsync, ct);
        worked |= await DrainAsync(mw.Joins.RunOnceAsync, ct);
        worked |= await DrainAsync(mw.Pump.RunOnceAsync, ct);
        return worked;
    }

    private static async Task<bool> DrainAsync(Func<CancellationToken, Task<bool>> pass, CancellationToken ct)
    {
        var worked = false;
        while (await pass(ct))
        {
            worked = true;
        }
        return worked;
    }
}
