using System.Diagnostics;
using NodaTime;

namespace MilestoneWatch.Benchmarks;

/// <summary>`mw`, as published, from start to end: its time, its processor time, and its memory at most.</summary>
internal sealed record MeasuredRun(Duration Took, long Mebibytes, TimeSpan Cpu)
{
    /// <exception cref="InvalidOperationException">It did not exit with 0; what it said is in the message.</exception>
    public static async Task<MeasuredRun> OfAsync(
        PublishedExecutable mw,
        string[] arguments,
        IReadOnlyDictionary<string, string> environment,
        CancellationToken ct
    )
    {
        var start = new ProcessStartInfo(Path.Combine(mw.Folder, "mw"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }
        var began = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("mw");
        var (most, cpu) = (0L, TimeSpan.Zero);
        try
        {
            var said = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, ct);
            var complained = process.StandardError.ReadToEndAsync(ct);
            var ended = process.WaitForExitAsync(ct);
            while (await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(100), ct)) != ended)
            {
                try
                {
                    process.Refresh();
                    (most, cpu) = (Math.Max(most, process.PeakWorkingSet64), process.TotalProcessorTime);
                }
                catch (InvalidOperationException)
                {
                    // it has just ended
                }
            }
            await ended;
            await said;
            return process.ExitCode == 0
                ? new MeasuredRun(Duration.FromTimeSpan(TimeProvider.System.GetElapsedTime(began)), most >> 20, cpu)
                : throw new InvalidOperationException($"mw {arguments[0]}: exit code {process.ExitCode}: {await complained}");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
