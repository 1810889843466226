using System.Globalization;

namespace MilestoneWatch.Hosting.Embedded;

/// <summary>Where PostgreSQL's binaries may come from.</summary>
/// <param name="Folders">Looked into in this order.</param>
/// <param name="Repository">Maven mirror to fetch from where no folder has them; null for the usual one.</param>
/// <param name="Fetched">Major version to fetch where there is no data yet that decides it.</param>
internal sealed record PostgresSources(IReadOnlyList<string> Folders, string? Repository, string Fetched = "17")
{
    /// <summary><c>MW_PostgresBin</c>, then PATH, then the usual install folders, newest first.</summary>
    public static PostgresSources FromEnvironment() =>
        new(
            [
                .. Split("MW_PostgresBin"),
                .. Split("PATH"),
                .. Below("/usr/lib/postgresql", "*", "bin"),
                .. Below("/usr", "pgsql-*", "bin"),
                .. Below("/opt/homebrew/opt", "postgresql*", "bin"),
                .. Below("/usr/local/opt", "postgresql*", "bin"),
                "/usr/local/pgsql/bin",
                .. Below("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
            ],
            Environment.GetEnvironmentVariable("MW_PostgresRepository")
        );

    private static string[] Split(string variable) =>
        (Environment.GetEnvironmentVariable(variable) ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(Path.GetFullPath)
            .ToArray();

    private static IEnumerable<string> Below(string folder, string pattern, string leaf) =>
        Directory.Exists(folder)
            ? Directory.GetDirectories(folder, pattern).OrderByDescending(Number).Select(d => Path.Combine(d, leaf))
            : [];

    private static int Number(string folder) =>
        int.TryParse(
            string.Concat(Path.GetFileName(folder).SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)),
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;
}
