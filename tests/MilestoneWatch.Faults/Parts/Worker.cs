using System.Diagnostics;
using System.Globalization;

namespace MilestoneWatch.Faults;

/// <summary>A real `mw` in a process group of its own, its output in a file.</summary>
internal sealed class Worker : IDisposable
{
    private readonly Process _process;
    private readonly Task _logged;
    private bool _gone;

    private Worker(Process process, string name, Task logged) => (_process, Name, _logged) = (process, name, logged);

    /// <summary>What it calls itself at EHLO.</summary>
    public string Name { get; }

    public bool IsFrozen { get; private set; }

    /// <summary>Whether a service has said that it serves.</summary>
    public static bool HasServed(string log) => File.Exists(log) && File.ReadAllText(log).Contains(" Serving ", StringComparison.Ordinal);

    public bool HasEnded => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <param name="mw">The executable.</param>
    /// <param name="name">A host name of its own.</param>
    /// <param name="arguments">The verb and what follows.</param>
    /// <param name="environment">Beside the settings that every worker has; MW_ variables of ours are not inherited.</param>
    /// <param name="log">The file that its output is appended to.</param>
    public static Worker Start(
        string mw,
        string name,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        string log
    )
    {
        // setsid becomes the worker, as the leader of a new group
        var start = new ProcessStartInfo("setsid", [mw, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(log)!,
        };
        foreach (var key in start.Environment.Keys.Where(key => key.StartsWith("MW_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(key);
        }
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }
        start.Environment["MW_Mail__From"] = $"MilestoneWatch <watch@{name}>";
        var process = Process.Start(start) ?? throw new InvalidOperationException(mw);
        process.StandardInput.Close();
        return new Worker(
            process,
            name,
            Task.WhenAll(CopyAsync(process.StandardOutput, log), CopyAsync(process.StandardError, log + ".errors"))
        );
    }

    public void Kill()
    {
        Signals.Kill(-_process.Id);
        _process.WaitForExit();
    }

    public void Freeze()
    {
        Signals.Stop(-_process.Id);
        IsFrozen = true;
    }

    public void Thaw()
    {
        Signals.Continue(-_process.Id);
        IsFrozen = false;
    }

    /// <summary>SIGTERM, and half a minute to end; whether that was enough.</summary>
    public async Task<bool> StopAsync()
    {
        if (_process.HasExited)
        {
            return true;
        }
        if (IsFrozen)
        {
            Thaw();
        }
        Signals.Terminate(_process.Id);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            Kill();
            return false;
        }
    }

    public async Task<int> EndAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        await _logged;
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (_gone)
        {
            return;
        }
        _gone = true;
        if (!_process.HasExited)
        {
            Kill();
        }
        _process.Dispose();
    }

    private static async Task CopyAsync(StreamReader from, string log)
    {
        while (await from.ReadLineAsync(CancellationToken.None) is { } line)
        {
            var at = TimeProvider.System.GetUtcNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
            await File.AppendAllTextAsync(log, $"{at} {line}\n", CancellationToken.None);
        }
    }
}
