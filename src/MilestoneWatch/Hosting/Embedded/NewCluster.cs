using System.Security.Cryptography;

namespace MilestoneWatch.Hosting.Embedded;

/// <summary>Makes a cluster beside its place and renames it there last, so there is a whole one or none.</summary>
internal sealed class NewCluster(ClusterPlace place, PostgresBinaries binaries)
{
    /// <summary>Durability stays at PostgreSQL's defaults: what was committed is kept.</summary>
    private const string Settings = """

        # MilestoneWatch's embedded default; the port is chosen at each start
        listen_addresses = '127.0.0.1'
        unix_socket_directories = ''
        max_connections = 100
        shared_buffers = 64MB
        timezone = 'UTC'
        log_timezone = 'UTC'
        log_checkpoints = off

        """;

    public async Task MakeAsync(CancellationToken ct)
    {
        foreach (var halfMade in Directory.GetDirectories(place.Folder, "postgres.init-*"))
        {
            Directory.Delete(halfMade, recursive: true);
        }
        if (Directory.Exists(place.Data))
        {
            RemoveEmpty(place.Data);
        }
        var making = Directory.CreateDirectory(Path.Combine(place.Folder, $"postgres.init-{Guid.NewGuid():N}")).FullName;
        await place.Account.OwnAsync(making, ct);
        var data = Path.Combine(making, "data");
        var password = Path.Combine(making, "password");
        await WriteSecretAsync(password, RandomNumberGenerator.GetHexString(32, lowercase: true), ct);
        await place.Account.OwnAsync(password, ct);
        string[] arguments = ["-D", data, "-U", Cluster.Name, "-A", "scram-sha-256", $"--pwfile={password}", "-E", "UTF8"];
        var made = await place.Account.RunAsync(binaries.InitDb, [.. arguments, "--locale=C.UTF-8"], ct);
        if (made.ExitCode != 0 && made.Output.Contains("locale", StringComparison.Ordinal))
        {
            made = await place.Account.RunAsync(binaries.InitDb, [.. arguments, "--locale=C"], ct);
        }
        if (made.ExitCode != 0)
        {
            throw new EmbeddedPostgresException(
                $"A database could not be made in {place.Folder}: initdb said: {PostgresLog.Tail(made.Output)}"
            );
        }
        await File.AppendAllTextAsync(Path.Combine(data, "postgresql.conf"), Settings, ct);
        File.Delete(place.Password);
        await WriteSecretAsync(place.Password, await File.ReadAllTextAsync(password, ct), ct);
        Directory.Move(data, place.Data);
        Directory.Delete(making, recursive: true);
    }

    private static void RemoveEmpty(string folder)
    {
        if (Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new EmbeddedPostgresException(
                $"{folder} is not empty and holds no PostgreSQL cluster (there is no PG_VERSION in it). Move it away, or set MW_Home to another folder."
            );
        }
        Directory.Delete(folder);
    }

    private static async Task WriteSecretAsync(string path, string secret, CancellationToken ct)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(secret.AsMemory(), ct);
    }
}
