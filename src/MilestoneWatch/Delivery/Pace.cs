namespace MilestoneWatch.Delivery;

/// <summary>Spaces mails evenly over all connections of a process.</summary>
/// <param name="ratePerSecond">Mails a second; null is no limit.</param>
/// <param name="time">What is waited on.</param>
internal sealed class Pace(double? ratePerSecond, TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _next;

    /// <summary>Waits for the next place in the line.</summary>
    public Task WaitAsync(CancellationToken ct)
    {
        if (ratePerSecond is not { } rate)
        {
            return Task.CompletedTask;
        }
        TimeSpan wait;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            // time in which nothing was sent is not saved up: that would be a burst
            var mine = Math.Max(now, _next);
            _next = mine + (long)(time.TimestampFrequency / rate);
            wait = time.GetElapsedTime(now, mine);
        }
        return wait <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, time, ct);
    }
}
