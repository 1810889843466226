using Quartz;

namespace MilestoneWatch.Hosting;

/// <summary>
/// Schedules the passes anew when the system's clock was put back: Quartz waits for the hour it had in mind, which is then far off.
/// </summary>
internal sealed partial class ClockWatch(ISchedulerFactory schedulers, ILogger<ClockWatch> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Less is the ordinary slewing of a clock, or a machine that was busy.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var time = TimeProvider.System;
        using var ticks = new PeriodicTimer(Look, time);
        var (wall, steady) = (time.GetUtcNow(), time.GetTimestamp());
        while (await ticks.WaitForNextTickAsync(stoppingToken))
        {
            var (wallNow, steadyNow) = (time.GetUtcNow(), time.GetTimestamp());
            var back = time.GetElapsedTime(steady, steadyNow) - (wallNow - wall);
            (wall, steady) = (wallNow, steadyNow);
            if (back > Jump)
            {
                Jumped(log, (long)back.TotalSeconds);
                await ScheduleAnewAsync(stoppingToken);
            }
        }
    }

    private async Task ScheduleAnewAsync(CancellationToken ct)
    {
        var scheduler = await schedulers.GetScheduler(ct);
        foreach (var key in await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.AnyGroup(), ct))
        {
            if (await scheduler.GetTrigger(key, ct) is { } trigger)
            {
                await scheduler.RescheduleJob(key, trigger.GetTriggerBuilder().StartNow().Build(), ct);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clock was put back by {Seconds} s: the passes are scheduled anew")]
    private static partial void Jumped(ILogger logger, long seconds);
}
