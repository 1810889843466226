namespace MilestoneWatch.Hosting.Embedded;

/// <summary>The server's log file.</summary>
internal sealed class PostgresLog(ClusterPlace place)
{
    private const long Limit = 10_000_000;

    public long Length => new FileInfo(place.Log).Length;

    /// <summary>Makes the log if need be, the account's own; an overlong one is put aside as <c>.1</c>.</summary>
    public async Task PrepareAsync(CancellationToken ct)
    {
        if (File.Exists(place.Log) && Length > Limit)
        {
            File.Move(place.Log, place.Log + ".1", overwrite: true);
        }
        await File.AppendAllTextAsync(place.Log, "", ct);
        await place.Account.OwnAsync(place.Log, ct);
    }

    /// <summary>The last 4,000 bytes at most.</summary>
    public string Read(long from)
    {
        using var log = new FileStream(place.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = Math.Max(from, log.Length - 4000);
        return new StreamReader(log).ReadToEnd();
    }

    public static string Tail(string text) => string.Join('\n', text.Trim().Split('\n').TakeLast(15));
}
