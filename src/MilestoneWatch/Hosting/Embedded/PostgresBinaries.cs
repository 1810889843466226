using System.Globalization;
using System.Text.RegularExpressions;
using MysticMind.PostgresEmbed;

namespace MilestoneWatch.Hosting.Embedded;

/// <summary>A folder with <c>postgres</c>, <c>initdb</c> and <c>pg_ctl</c>, and their major version.</summary>
internal sealed partial record PostgresBinaries(string Folder, int Major)
{
    private const int Oldest = 15;

    public string PgCtl => Path.Combine(Folder, "pg_ctl");
    public string InitDb => Path.Combine(Folder, "initdb");

    /// <summary>The first usable binaries of the machine, else fetched ones. Data of one major version is readable by that
    /// version only, so an existing cluster decides.</summary>
    public static async Task<PostgresBinaries> FindAsync(
        ClusterPlace place,
        PostgresSources sources,
        Action<string> say,
        CancellationToken ct
    )
    {
        var seen = new SortedSet<int>();
        foreach (var folder in sources.Folders.Where(HasAll))
        {
            if (await InspectAsync(folder, place.Account, ct) is { } found)
            {
                if (place.Major is null ? found.Major >= Oldest : found.Major == place.Major)
                {
                    return found;
                }
                seen.Add(found.Major);
            }
        }
        return await FetchAsync(place, sources, seen, say, ct);
    }

    private static bool HasAll(string folder) =>
        ((string[])["postgres", "initdb", "pg_ctl"]).All(name => File.Exists(Path.Combine(folder, name)));

    // run as the account that will use them: root's own folders may be closed to it
    private static async Task<PostgresBinaries?> InspectAsync(string folder, PostgresAccount account, CancellationToken ct)
    {
        var version = await account.RunAsync(Path.Combine(folder, "postgres"), ["--version"], ct);
        var major = MajorPattern().Match(version.Output);
        return version.ExitCode == 0 && major.Success
            ? new PostgresBinaries(folder, int.Parse(major.Groups["major"].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    private static async Task<PostgresBinaries> FetchAsync(
        ClusterPlace place,
        PostgresSources sources,
        SortedSet<int> seen,
        Action<string> say,
        CancellationToken ct
    )
    {
        var wanted = place.Major?.ToString(CultureInfo.InvariantCulture) ?? sources.Fetched;
        say($"No usable PostgreSQL on this machine; fetching PostgreSQL {wanted} into {place.Downloads}");
        Exception? why = null;
        try
        {
            var options = new PgServerOptions
            {
                PgVersion = wanted,
                DbDir = place.Downloads,
                BinariesDir = place.Downloads,
                MavenRepo = sources.Repository ?? PgServerOptions.DefaultMavenRepo,
            };
            await using var server = new PgServer(options);
            await server.InstallAsync(ct);
            // our umask may have closed them to the account that runs them
            await Command.RunAsync("chmod", ["-R", "go+rX", place.Downloads], ct);
            if (await InspectAsync(Path.Combine(server.InstallDir, "bin"), place.Account, ct) is { } fetched)
            {
                return fetched;
            }
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            why = failed;
        }
        throw new EmbeddedPostgresException(Message(place, wanted, seen, why), why);
    }

    private static string Message(ClusterPlace place, string wanted, SortedSet<int> seen, Exception? why)
    {
        var missing = place.Major is null
            ? $"There is no PostgreSQL {Oldest} or later on this machine"
            : $"The data in {place.Data} was written by PostgreSQL {wanted}, which is not on this machine";
        var others = seen.Count == 0 ? "" : $" (there is {string.Join(", ", seen)})";
        return $"""
            {missing}{others}, and fetching it failed: {why?.Message
                ?? "what was fetched does not run here"}
            Three ways out:
              1. install PostgreSQL {(
                place.Major is null ? $"{Oldest} or later" : wanted
            )} with the system's package manager (apt install postgresql, dnf install postgresql-server, brew install postgresql);
              2. allow the download: set HTTPS_PROXY where a proxy is needed, or MW_PostgresRepository to a Maven mirror;
              3. use a server that you have: set MW_ConnectionStrings__MilestoneWatch.
            """;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MajorPattern();
}
