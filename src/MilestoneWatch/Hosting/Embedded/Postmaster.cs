using System.Globalization;

namespace MilestoneWatch.Hosting.Embedded;

/// <summary>What <c>postmaster.pid</c> says of the server that runs, or last ran, on a data folder.</summary>
/// <param name="Port">0 while the server has not come so far.</param>
/// <param name="Status"><c>starting</c>, <c>ready</c>, <c>stopping</c>, or empty.</param>
internal sealed record Postmaster(int ProcessId, string DataFolder, int Port, string Status)
{
    public static Postmaster? Read(string dataFolder)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(FileIn(dataFolder));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        return lines.Length > 1 && int.TryParse(lines[0], CultureInfo.InvariantCulture, out var id)
            ? new Postmaster(
                id,
                lines[1],
                int.TryParse(lines.ElementAtOrDefault(3), CultureInfo.InvariantCulture, out var port) ? port : 0,
                (lines.ElementAtOrDefault(7) ?? "").Trim()
            )
            : null;
    }

    public static string FileIn(string dataFolder) => Path.Combine(dataFolder, "postmaster.pid");

    /// <summary>Whether that server lives. Its number may since have gone to a stranger (in a container it nearly always
    /// does), and a zombie is not alive; so the process is recognised by its command line.</summary>
    public bool IsRunning()
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? File.ReadAllText($"/proc/{ProcessId}/cmdline").Split('\0').Contains(DataFolder, StringComparer.Ordinal)
                : System.Diagnostics.Process.GetProcessById(ProcessId).ProcessName is "postgres";
        }
        catch (Exception gone) when (gone is IOException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
