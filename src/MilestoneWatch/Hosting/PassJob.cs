using Quartz;

namespace MilestoneWatch.Hosting;

/// <summary>A pass as Quartz rings it: drained until it has no work. What it throws is logged here, and the next ring tries again.</summary>
[DisallowConcurrentExecution]
internal sealed partial class PassJob(
    IReadOnlyDictionary<string, Func<CancellationToken, Task<bool>>> passes,
    Bell bell,
    ILogger<PassJob> log
) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var name = context.JobDetail.Key.Name;
        try
        {
            var worked = false;
            while (await passes[name](cancellationToken))
            {
                worked = true;
            }
            if (worked)
            {
                await bell.RingAfterAsync(name, cancellationToken);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failed(log, name, e.GetBaseException().Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The pass {Pass} failed and will be tried again: {Reason}")]
    private static partial void Failed(ILogger logger, string pass, string reason);
}
