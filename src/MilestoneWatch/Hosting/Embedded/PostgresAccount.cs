using System.Globalization;

namespace MilestoneWatch.Hosting.Embedded;

/// <summary>Who runs PostgreSQL, which refuses to run as root: ourselves, or an unprivileged user when we are root.</summary>
internal sealed class PostgresAccount
{
    private readonly string[] _prefix;
    private readonly string? _owner;

    private PostgresAccount(string[] prefix, string? owner) => (_prefix, _owner) = (prefix, owner);

    /// <summary>Our own user, unless we are root: then the owner of <paramref name="dataFolder"/> where it exists,
    /// else `postgres`, else `nobody`.</summary>
    public static async Task<PostgresAccount> ForAsync(string dataFolder, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return new PostgresAccount([], owner: null);
        }
        var (user, group, name) = await OwnerAsync(dataFolder, ct) ?? await UnprivilegedAsync(ct);
        string[][] ways =
        [
            ["setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups", "--"],
            ["runuser", "-u", name, "--"],
        ];
        foreach (var way in ways)
        {
            // asked, not looked up: busybox has a setpriv that cannot change the user, and a container may forbid it
            if ((await Command.RunAsync(way[0], [.. way[1..], "true"], ct)).ExitCode == 0)
            {
                return new PostgresAccount(way, $"{user}:{group}");
            }
        }
        throw new EmbeddedPostgresException(
            $"PostgreSQL refuses to run as root, and neither `setpriv` nor `runuser` could run it as {name}. "
                + "Run mw as an ordinary user, or install util-linux."
        );
    }

    /// <summary>Runs a program as this account.</summary>
    public Task<Command> RunAsync(string file, IReadOnlyList<string> arguments, CancellationToken ct) =>
        _prefix.Length == 0
            ? Command.RunAsync(file, arguments, ct)
            : Command.RunAsync(_prefix[0], [.. _prefix[1..], file, .. arguments], ct);

    public async Task<bool> CanEnterAsync(string folder, CancellationToken ct) =>
        _owner is null || (await RunAsync("test", ["-x", folder], ct)).ExitCode == 0;

    /// <summary>Gives a file or folder (not what is below it) to this account.</summary>
    public async Task OwnAsync(string path, CancellationToken ct)
    {
        if (_owner is not null && await Command.RunAsync("chown", [_owner, path], ct) is { ExitCode: not 0 } failed)
        {
            throw new IOException($"{path} could not be given to user {_owner}: {failed.Output}");
        }
    }

    private static async Task<(string User, string Group, string Name)?> OwnerAsync(string folder, CancellationToken ct)
    {
        var owner = await Command.RunAsync("stat", ["-c", "%u %g %U", folder], ct);
        return owner.ExitCode == 0 && owner.Output.Split(' ') is [not "0", _, _] and var parts ? (parts[0], parts[1], parts[2]) : null;
    }

    private static async Task<(string User, string Group, string Name)> UnprivilegedAsync(CancellationToken ct)
    {
        foreach (var name in (string[])["postgres", "nobody"])
        {
            var user = await Command.RunAsync("id", ["-u", name], ct);
            var group = await Command.RunAsync("id", ["-g", name], ct);
            if (user.ExitCode == 0 && int.TryParse(user.Output, CultureInfo.InvariantCulture, out _))
            {
                return (user.Output, group.Output, name);
            }
        }
        throw new EmbeddedPostgresException(
            "PostgreSQL refuses to run as root, and this machine has neither a user `postgres` nor `nobody` to run it as. "
                + "Run mw as an ordinary user, or add a user `postgres`."
        );
    }
}
