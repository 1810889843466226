using System.Diagnostics;

namespace MilestoneWatch.Tests.Web.Feeds;

/// <summary>Programs that judge our files and know nothing of us.</summary>
internal static class Outside
{
    /// <summary>Gives a program a file on its standard input; what it says, and 0 when it is content.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, byte[] input, params string[] arguments)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(path.Any(folder => File.Exists(Path.Combine(folder, program))), $"{program} is not installed");
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Folder(),
        };
        var ct = TestContext.Current.CancellationToken;
        using var run = Process.Start(start)!;
        var output = run.StandardOutput.ReadToEndAsync(ct);
        var error = run.StandardError.ReadToEndAsync(ct);
        await run.StandardInput.BaseStream.WriteAsync(input, ct);
        run.StandardInput.Close();
        await run.WaitForExitAsync(ct);
        return (run.ExitCode, await output, await error);
    }

    // the scripts and the grammar beside these tests
    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MilestoneWatch.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no solution above the tests");
        }
        return Path.Combine(folder.FullName, "tests/MilestoneWatch.Tests/Web/Feeds");
    }
}
