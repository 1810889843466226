using MilestoneWatch.Web;
using Quartz;

namespace MilestoneWatch.Hosting;

/// <summary>The running service: any subset of roles in one process, until it is told to stop.</summary>
internal static class Service
{
    /// <param name="mw">The opened installation.</param>
    /// <param name="roles">What this process does.</param>
    /// <param name="started">Called once the pages are reachable.</param>
    /// <param name="ct">Stops the service.</param>
    /// <exception cref="RefusedException">The address is taken.</exception>
    public static async Task RunAsync(Installation mw, Roles roles, Func<Task> started, CancellationToken ct)
    {
        await using var app = Build(mw, roles);
        try
        {
            await app.StartAsync(ct);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new RefusedException(
                $"{mw.Settings.Urls} cannot be listened on ({e.GetBaseException().Message}): stop what uses it, or choose another address with MW_Urls, such as MW_Urls=http://127.0.0.1:5081"
            );
        }
        await started();
        await app.WaitForShutdownAsync(ct);
    }

    private static WebApplication Build(Installation mw, Roles roles)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = mw.Settings.Environment });
        builder.Logging.ClearProviders();
        var services = builder.Services;
        services.AddSingleton(mw.Loggers);
        services.AddSingleton(mw.Database);
        services.AddSingleton(mw);
        services.AddSingleton<Bell>();
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(25));
        services.AddPasses(mw, roles);
        if (roles.HasFlag(Roles.Web))
        {
            services.AddPages(mw);
            services.AddHostedService<PagesAhead>();
            builder.WebHost.UseUrls(mw.Settings.Urls);
        }
        else
        {
            // no pages: nothing listens
            services.AddSingleton<Microsoft.AspNetCore.Hosting.Server.IServer, NoServer>();
        }
        var app = builder.Build();
        if (roles.HasFlag(Roles.Web))
        {
            app.MapPages(mw);
        }
        return app;
    }

    private static void AddPasses(this IServiceCollection services, Installation mw, Roles roles)
    {
        var every = mw.Settings.Passes;
        var passes = new (Roles Role, string Name, int Seconds, Func<CancellationToken, Task<bool>> Run)[]
        {
            (Roles.Checks, Bell.Checks, every.CheckSeconds, mw.Checks.RunOnceAsync),
            (Roles.Digests, Bell.Digests, every.DigestSeconds, ct => DigestAsync(mw, ct)),
            (Roles.Delivery, Bell.Delivery, every.DeliverySeconds, ct => DeliverAsync(mw, ct)),
            (Roles.Delivery, Bell.Bounces, every.BounceSeconds, mw.Bounces.RunOnceAsync),
        };
        var mine = passes
            .Where(pass => roles.HasFlag(pass.Role) && (pass.Name != Bell.Bounces || mw.Settings.Bounces.Host.Length > 0))
            .ToList();
        if (mine.Count == 0)
        {
            return;
        }
        services.AddSingleton<IReadOnlyDictionary<string, Func<CancellationToken, Task<bool>>>>(
            mine.ToDictionary(pass => pass.Name, pass => pass.Run, StringComparer.Ordinal)
        );
        services.AddQuartz(quartz =>
        {
            quartz.UseInMemoryStore();
            foreach (var (_, name, seconds, _) in mine)
            {
                // simple triggers in UTC only: a zoned cron can fire without end at a DST gap
                quartz.AddJob<PassJob>(job => job.WithIdentity(name).StoreDurably());
                quartz.AddTrigger(trigger =>
                    trigger
                        .ForJob(name)
                        .StartNow()
                        .WithSimpleSchedule(schedule =>
                            schedule
                                .WithInterval(TimeSpan.FromSeconds(seconds))
                                .RepeatForever()
                                .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)
                        )
                );
            }
        });
        services.AddQuartzHostedService(options => options.WaitForJobsToComplete = true);
        services.AddHostedService<BellHanger>();
        services.AddHostedService<ClockWatch>();
        services.AddHostedService<LedgerListener>();
    }

    // After downtime a digest first lets the clock say what it has to say, or its news would wait for the next one.
    private static async Task<bool> DigestAsync(Installation mw, CancellationToken ct)
    {
        while (await mw.Checks.RunOnceAsync(ct)) { }
        var nudged = await mw.Nudges.RunOnceAsync(ct);
        return await mw.Digests.RunOnceAsync(ct) || nudged;
    }

    // Who asked to join, or to sign in, is answered by mail, so the bell that their request rings is the pump's.
    private static async Task<bool> DeliverAsync(Installation mw, CancellationToken ct)
    {
        var letIn = await mw.SignIns.RunOnceAsync(ct);
        var joined = await mw.Joins.RunOnceAsync(ct);
        return await mw.Pump.RunOnceAsync(ct) || letIn || joined;
    }
}
