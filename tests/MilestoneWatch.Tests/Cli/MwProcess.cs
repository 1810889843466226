using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace MilestoneWatch.Tests.Cli;

/// <summary>What a run of `mw` left.</summary>
internal sealed record MwResult(int Exit, string Out, string Error);

/// <summary>The real executable as a child process. Whatever still runs when it is disposed is killed with its children.</summary>
internal sealed class MwProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    private MwProcess(Process process) => _process = process;

    public string Out => Read(_out);
    public string Error => Read(_error);
    public bool HasExited => _process.HasExited;

    /// <summary>Starts `mw` in a folder, with only these MW_ variables.</summary>
    public static MwProcess Start(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        // a test run in a shell's background inherits an ignored SIGINT, and would hand it on
        var linux = OperatingSystem.IsLinux();
        var start = new ProcessStartInfo(linux ? "env" : "dotnet")
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        string[] command = linux ? ["--default-signal=INT", "dotnet"] : [];
        foreach (var argument in (string[])[.. command, Path.Combine(AppContext.BaseDirectory, "mw.dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        foreach (var key in start.Environment.Keys.Where(key => key.StartsWith("MW_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(key);
        }
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }
        var mw = new MwProcess(new Process { StartInfo = start });
        mw._process.OutputDataReceived += (_, line) => Add(mw._out, line.Data);
        mw._process.ErrorDataReceived += (_, line) => Add(mw._error, line.Data);
        mw._process.Start();
        mw._process.BeginOutputReadLine();
        mw._process.BeginErrorReadLine();
        return mw;
    }

    /// <summary>Runs `mw` to its end.</summary>
    public static async Task<MwResult> RunAsync(
        string folder,
        IReadOnlyDictionary<string, string> environment,
        string? input,
        params string[] arguments
    )
    {
        using var mw = Start(folder, environment, arguments);
        if (input is not null)
        {
            await mw._process.StandardInput.WriteAsync(input);
        }
        mw._process.StandardInput.Close();
        var exit = await mw.ExitAsync();
        return new MwResult(exit, mw.Out, mw.Error);
    }

    public async Task<int> ExitAsync()
    {
        using var deadline = Deadline();
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until it has printed something, on either stream.</summary>
    public Task PrintsAsync(string text) =>
        Until.TrueAsync(
            () =>
                Out.Contains(text, StringComparison.Ordinal)
                || Error.Contains(text, StringComparison.Ordinal)
                || (
                    _process.HasExited
                        ? throw new InvalidOperationException(
                            $"mw ended with {_process.ExitCode} before it printed \"{text}\":\n{Out}\n{Error}"
                        )
                        : false
                ),
            $"\"{text}\" in what mw prints",
            Patience
        );

    /// <summary>Sends a signal: "INT", "TERM", "KILL".</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private static CancellationTokenSource Deadline()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(Patience);
        return source;
    }

    private static void Add(StringBuilder to, string? line)
    {
        lock (to)
        {
            if (line is not null)
            {
                to.Append(line).Append('\n');
            }
        }
    }

    private static string Read(StringBuilder from)
    {
        lock (from)
        {
            return from.ToString();
        }
    }
}
