using System.CommandLine;
using MilestoneWatch.Hosting;

namespace MilestoneWatch.Cli;

/// <summary>`mw serve`: the service.</summary>
internal static class ServeVerb
{
    public static Command Create()
    {
        var roles = new Option<string>("--roles")
        {
            Description = "web, checks, digests, delivery: which of them, with commas (all)",
            HelpName = "ROLE,…",
            DefaultValueFactory = _ => "web,checks,digests,delivery",
        };
        var command = new Command("serve", "Run the service until it is told to stop") { roles };
        command.RunsBare(
            async (parse, output, ct) =>
            {
                var mine = Read(parse.GetRequiredValue(roles));
                var settings = Settings.Load();
                using var loggers = ServiceLog.Create(output.Json);
                await using var mw = await Installation.OpenAsync(settings, Output.Notice, ct, loggers);
                var log = loggers.CreateLogger("MilestoneWatch");
                // 0: another replica imported it at the same moment
                if (await mw.ImportIntoEmptyAsync(ct) is > 0 and var entries)
                {
                    ServiceLog.Imported(log, settings.Watchlist!, entries);
                }
                await Service.RunAsync(
                    mw,
                    mine,
                    () =>
                    {
                        ServiceLog.Started(
                            log,
                            mine.ToString(),
                            settings.Site.BaseUrl,
                            settings.PickupFolder is { } folder
                                ? $"written to {folder}"
                                : $"sent through {settings.Smtp.Host}:{settings.Smtp.Port}"
                        );
                        if (settings.TrialMailUrl is { } catcher)
                        {
                            ServiceLog.Trial(log, settings.Site.BaseUrl, catcher);
                            ServiceLog.TryReader(log);
                            ServiceLog.TryChange(log);
                        }
                        return Task.CompletedTask;
                    },
                    ct
                );
                return ExitCode.Done;
            },
            runsUntilTold: true
        );
        return command;
    }

    /// <exception cref="RefusedException">A word that is no role.</exception>
    public static Roles Read(string words)
    {
        var roles = Roles.None;
        foreach (var word in words.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            roles |= word switch
            {
                "web" => Roles.Web,
                "checks" => Roles.Checks,
                "digests" => Roles.Digests,
                "delivery" => Roles.Delivery,
                _ => throw new RefusedException($"--roles: \"{word}\" is no role; they are web, checks, digests and delivery"),
            };
        }
        return roles == Roles.None ? throw new RefusedException("--roles names none; they are web, checks, digests and delivery") : roles;
    }
}
