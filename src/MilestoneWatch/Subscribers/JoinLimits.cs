using System.Globalization;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Subscribers;

/// <summary>How often things may happen around joining, for all replicas together: against bombing a mailbox, and against filling the queue.</summary>
internal static class JoinLimits
{
    public const int PerNetwork = 30;
    public const int PerDomain = 200;
    public const int Overall = 2000;

    public static readonly Duration Window = Duration.FromHours(1);

    /// <summary>A mail a day to an address, whatever is asked for.</summary>
    public static readonly Duration AddressWindow = Duration.FromDays(1);

    /// <summary>Counts a request at the door. Null when it may pass, else how long to wait.</summary>
    public static async Task<Duration?> AtTheDoorAsync(
        NpgsqlConnection connection,
        Links links,
        string network,
        Instant now,
        CancellationToken ct
    ) =>
        await LimitStore.TakeAsync(connection, links.Bucket($"network {network}"), PerNetwork, Window, now, ct)
        ?? await LimitStore.TakeAsync(connection, links.Bucket("all"), Overall, Window, now, ct);

    /// <summary>Counts a mail to an address. Null when it may be written, else how long to wait.</summary>
    public static Task<Duration?> ToAddressAsync(NpgsqlConnection connection, Links links, string key, Instant now, CancellationToken ct) =>
        LimitStore.TakeAsync(connection, links.Bucket($"address {key}"), 1, AddressWindow, now, ct);

    /// <summary>Counts a mail to an address's domain. Null when it may be written, else how long to wait.</summary>
    public static Task<Duration?> ToDomainAsync(NpgsqlConnection connection, Links links, string key, Instant now, CancellationToken ct) =>
        LimitStore.TakeAsync(connection, links.Bucket($"domain {key[(key.LastIndexOf('@') + 1)..]}"), PerDomain, Window, now, ct);

    /// <summary>"3600": how long to wait, as HTTP says it.</summary>
    public static string Seconds(Duration wait) => Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);
}
