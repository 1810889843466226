using Quartz;

namespace MilestoneWatch.Hosting;

/// <summary>Gives the bell its scheduler as soon as there is one.</summary>
internal sealed class BellHanger(ISchedulerFactory schedulers, Bell bell) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken) => bell.Hang(await schedulers.GetScheduler(cancellationToken));

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
