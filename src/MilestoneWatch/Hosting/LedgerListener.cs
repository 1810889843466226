using Npgsql;

namespace MilestoneWatch.Hosting;

/// <summary>Wakes the passes when another process has recorded something. Polling is the safety net, so a lost connection only costs time.</summary>
internal sealed partial class LedgerListener(NpgsqlDataSource database, Bell bell, ILogger<LedgerListener> log) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                await using (
                    var listen = new NpgsqlCommand(
                        "listen milestonewatch_ledger; listen milestonewatch_digests; listen milestonewatch_delivery",
                        connection
                    )
                )
                {
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                }
                // one wait may bring several
                var heard = new HashSet<string>(StringComparer.Ordinal);
                connection.Notification += (_, e) => heard.Add(e.Channel);
                while (true)
                {
                    await connection.WaitAsync(stoppingToken);
                    if (heard.Remove("milestonewatch_delivery"))
                    {
                        await bell.RingAsync(Bell.Delivery, stoppingToken);
                    }
                    var changed = heard.Remove("milestonewatch_ledger");
                    if (changed)
                    {
                        await bell.RingAsync(Bell.Checks, stoppingToken);
                    }
                    if (heard.Remove("milestonewatch_digests") || changed)
                    {
                        await bell.RingAsync(Bell.Digests, stoppingToken);
                    }
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Lost(log, e.GetBaseException().Message);
                await Task.Delay(Retry, TimeProvider.System, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Listening for changes was interrupted, polling goes on: {Reason}")]
    private static partial void Lost(ILogger logger, string reason);
}
