using System.Globalization;

namespace MilestoneWatch.Benchmarks;

/// <summary>Durations of one thing done many times. Percentiles are of what was seen: nearest rank, nothing interpolated.</summary>
internal sealed class Samples
{
    private readonly List<TimeSpan> _seen = [];

    public TimeSpan Median => Percentile(50);
    public TimeSpan Max => Percentile(100);
    public int Count => _seen.Count;

    public void Add(TimeSpan took) => _seen.Add(took);

    public TimeSpan Percentile(int percent)
    {
        var sorted = _seen.Order().ToList();
        return sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * percent / 100.0) - 1)];
    }

    public async Task TimeAsync(Func<Task> work)
    {
        var began = TimeProvider.System.GetTimestamp();
        await work();
        Add(TimeProvider.System.GetElapsedTime(began));
    }

    public static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.00} ms");
}
