using System.ComponentModel;
using System.Diagnostics;

namespace MilestoneWatch.Hosting.Embedded;

/// <summary>A finished program: its exit code and what it printed, standard output and error together.</summary>
internal sealed record Command(int ExitCode, string Output)
{
    /// <summary>Runs a program to its end; one that cannot be started at all counts as exit code 127.</summary>
    public static async Task<Command> RunAsync(string file, IEnumerable<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            // an unprivileged user may be unable to enter the folder that we were started in
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // messages in English (they are matched), and no search for the machine's time zone
            Environment = { ["LC_ALL"] = "C", ["TZ"] = "UTC" },
        };
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception missing)
        {
            return new Command(127, missing.Message);
        }
        using (process)
        {
            process!.StandardInput.Close();
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(ct);
                var error = process.StandardError.ReadToEndAsync(ct);
                await process.WaitForExitAsync(ct);
                return new Command(process.ExitCode, $"{await output}{await error}".Trim());
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                throw;
            }
        }
    }
}
