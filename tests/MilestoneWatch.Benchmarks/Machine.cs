using System.Globalization;
using System.Runtime.InteropServices;
using Dapper;
using Npgsql;

namespace MilestoneWatch.Benchmarks;

/// <summary>What the figures were taken on.</summary>
internal static class Machine
{
    public static void Describe(Report report)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        report.Machine("CPU", $"{Environment.ProcessorCount} cores, {Model()}");
        report.Machine("memory", string.Create(CultureInfo.InvariantCulture, $"{memory:0.0} GiB"));
        report.Machine("OS", $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.OSArchitecture}");
        report.Machine(".NET", RuntimeInformation.FrameworkDescription);
    }

    /// <summary>The server's version, and the settings that decide what a commit costs.</summary>
    public static async Task DescribeAsync(Report report, NpgsqlConnection connection, CancellationToken ct)
    {
        const string Asked = """
            select current_setting('server_version') || string_agg(', ' || name || ' ' || current_setting(name), '' order by name)
            from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size')
            """;
        var told = await connection.ExecuteScalarAsync<string>(new CommandDefinition(Asked, cancellationToken: ct));
        report.Machine("PostgreSQL", told ?? "?");
    }

    private static string Model()
    {
        const string File = "/proc/cpuinfo";
        var line = System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "model unknown";
    }
}
