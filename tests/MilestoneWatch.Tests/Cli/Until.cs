using System.Diagnostics;

namespace MilestoneWatch.Tests.Cli;

/// <summary>Waiting for what another process does.</summary>
internal static class Until
{
    /// <summary>How long it took; fails after the patience.</summary>
    public static async Task<TimeSpan> TrueAsync(Func<bool> condition, string what, TimeSpan patience)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < patience, $"waited {patience} in vain for {what}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        return watch.Elapsed;
    }
}
