using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Access;

/// <summary>How often links to sign in are asked for and mailed, for all replicas together; apart from what joining uses up.</summary>
internal static class SignInLimits
{
    public const int PerNetwork = 30;
    public const int Overall = 2000;
    public const int MailsAnHour = 10;

    private static readonly Duration Hour = Duration.FromHours(1);
    private static readonly Duration Minute = Duration.FromMinutes(1);

    /// <summary>Counts a request at the door. Null when it may pass, else how long to wait.</summary>
    public static async Task<Duration?> AtTheDoorAsync(
        NpgsqlConnection connection,
        Links links,
        string network,
        Instant now,
        CancellationToken ct
    ) =>
        await LimitStore.TakeAsync(connection, links.Bucket($"sign-in network {network}"), PerNetwork, Hour, now, ct)
        ?? await LimitStore.TakeAsync(connection, links.Bucket("sign-in all"), Overall, Hour, now, ct);

    /// <summary>Counts a mail to an analyst. False when they had one within the minute, or enough within the hour.</summary>
    public static async Task<bool> MayMailAsync(NpgsqlConnection connection, Links links, Guid user, Instant now, CancellationToken ct) =>
        await LimitStore.TakeAsync(connection, links.Bucket($"sign-in minute {user}"), 1, Minute, now, ct) is null
        && await LimitStore.TakeAsync(connection, links.Bucket($"sign-in hour {user}"), MailsAnHour, Hour, now, ct) is null;
}
