using System.Security.Cryptography;
using System.Text;

namespace MilestoneWatch.Hosting.Embedded;

/// <summary>Where a home's cluster lives and who runs it. Everything lies in one folder: <c>MW_Home</c>, or, where the
/// account that runs PostgreSQL cannot enter that, a folder of its own.</summary>
internal sealed class ClusterPlace
{
    private const string Elsewhere = "/var/lib/milestonewatch";
    private static readonly char[] BreaksPgCtl = ['"', '$', '`', '\\', '\n'];

    private ClusterPlace(string home, string folder, PostgresAccount account)
    {
        (Home, Folder, Account) = (home, folder, account);
        if (IsElsewhere)
        {
            // whatever our umask is, the account must be able to pass
            Directory.CreateDirectory(folder);
            Open(Elsewhere);
            Open(folder);
        }
    }

    public string Home { get; }
    public string Folder { get; }
    public PostgresAccount Account { get; }
    public string Data => Path.Combine(Folder, "postgres");
    public string Log => Path.Combine(Folder, "postgres.log");
    public string Password => Path.Combine(Folder, "postgres.password");
    public string Gate => Path.Combine(Folder, "postgres.gate");
    public string Users => Path.Combine(Folder, "postgres.users");
    public string Downloads => Path.Combine(Folder, "postgres.binaries");
    public bool IsElsewhere => !string.Equals(Folder, Home, StringComparison.Ordinal);

    /// <summary>Major version of the cluster's data; null where there is no cluster yet.</summary>
    public int? Major => MajorOf(Folder);

    /// <param name="home">Absolute path; made if need be.</param>
    public static async Task<ClusterPlace> ChooseAsync(string home, CancellationToken ct)
    {
        if (home.IndexOfAny(BreaksPgCtl) >= 0)
        {
            throw new EmbeddedPostgresException(
                $"MW_Home is {home}, and PostgreSQL's own tools cannot handle \", $, `, \\ or a line end in a path. Choose another folder."
            );
        }
        Directory.CreateDirectory(home);
        var elsewhere = Path.Combine(Elsewhere, ShortHash(home));
        // once made, a cluster stays where it is: permissions that change later must not seem to lose the data
        if (MajorOf(home) is null && MajorOf(elsewhere) is not null)
        {
            return new ClusterPlace(home, elsewhere, await AccountOf(elsewhere));
        }
        var account = await AccountOf(home);
        return MajorOf(home) is not null || await account.CanEnterAsync(home, ct)
            ? new ClusterPlace(home, home, account)
            : new ClusterPlace(home, elsewhere, account);

        Task<PostgresAccount> AccountOf(string folder) => PostgresAccount.ForAsync(Path.Combine(folder, "postgres"), ct);
    }

    private static int? MajorOf(string folder)
    {
        var file = Path.Combine(folder, "postgres", "PG_VERSION");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file).Trim(), out var major) ? major : null;
    }

    private static void Open(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        }
    }

    private static string ShortHash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12];
}
