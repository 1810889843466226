using Quartz;

namespace MilestoneWatch.Hosting;

/// <summary>Rings a pass at once instead of at its next trigger: Quartz is a doorbell, not a memory.</summary>
internal sealed class Bell
{
    public const string Checks = "checks";
    public const string Digests = "digests";
    public const string Delivery = "delivery";
    public const string Bounces = "bounces";

    private IScheduler? _scheduler;

    public void Hang(IScheduler scheduler) => _scheduler = scheduler;

    public async Task RingAsync(string pass, CancellationToken ct)
    {
        if (_scheduler is { } scheduler && await scheduler.Exists(new JobKey(pass), ct))
        {
            await scheduler.TriggerJob(new JobKey(pass), ct);
        }
    }

    /// <summary>What a pass has written is the next one's work.</summary>
    public Task RingAfterAsync(string pass, CancellationToken ct) =>
        pass switch
        {
            Checks => RingAsync(Digests, ct),
            Digests => RingAsync(Delivery, ct),
            _ => Task.CompletedTask,
        };
}
