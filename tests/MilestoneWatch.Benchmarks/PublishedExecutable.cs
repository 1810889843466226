using System.Diagnostics;
using MilestoneWatch.Hosting.Embedded;

namespace MilestoneWatch.Benchmarks;

/// <summary>`mw`, published as the image has it, in a folder that goes with it.</summary>
internal sealed class PublishedExecutable : IDisposable
{
    private PublishedExecutable(string folder) => Folder = folder;

    public string Folder { get; }

    public static async Task<PublishedExecutable> MakeAsync(CancellationToken ct)
    {
        var published = new PublishedExecutable(Directory.CreateTempSubdirectory("mw-benchmarks-published-").FullName);
        try
        {
            var project = Path.Combine(Top(), "src", "MilestoneWatch");
            Report.Note("publishing mw");
            string[] arguments = ["publish", project, "-c", "Release", "-p:RunAnalyzers=false", "-o", published.Folder];
            var made = await Command.RunAsync("dotnet", [.. arguments, "--nologo", "--disable-build-servers"], ct);
            return made.ExitCode == 0 ? published : throw new InvalidOperationException($"dotnet publish: {made.Output}");
        }
        catch
        {
            published.Dispose();
            throw;
        }
    }

    /// <summary>From the start of the process to its end, its output read and thrown away.</summary>
    public Task<TimeSpan> TimeAsync(IEnumerable<string> arguments, CancellationToken ct) =>
        TimeAsync(Path.Combine(Folder, "mw"), arguments, ct);

    public static async Task<TimeSpan> TimeAsync(string file, IEnumerable<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var began = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException(file);
        try
        {
            var said = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, ct);
            var error = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            await said;
            // 1: some of the phrases are refused, as they should be
            return process.ExitCode is 0 or 1 && (await error).Length == 0
                ? TimeProvider.System.GetElapsedTime(began)
                : throw new InvalidOperationException($"{file}: exit code {process.ExitCode}: {await error}");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string Top()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MilestoneWatch.sln")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException($"no MilestoneWatch.sln above {AppContext.BaseDirectory}");
    }
}
