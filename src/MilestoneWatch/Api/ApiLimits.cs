using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MilestoneWatch.Access;
using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Api;

/// <summary>How often the API is asked, for all replicas together: a token by itself, whoever has none by their network.</summary>
internal static class ApiLimits
{
    public const int ReadsPerNetwork = 600;
    public const int ReadsPerToken = 1200;
    public const int WritesPerToken = 120;

    public static readonly Duration Window = Duration.FromMinutes(1);

    /// <summary>Counts a request: how many there may be, and what is left.</summary>
    public static async Task<(int Most, Taken Taken)> CountAsync(
        NpgsqlConnection connection,
        ApiToken? token,
        bool reads,
        string network,
        Instant now,
        CancellationToken ct
    )
    {
        var most =
            token is null ? ReadsPerNetwork
            : reads ? ReadsPerToken
            : WritesPerToken;
        var bucket = token is null
            ? (await Links.LoadAsync(connection, now, ct)).Bucket($"api {network}")
            : SHA256.HashData(
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"api token {token.Id} {(reads ? "reads" : "writes")}"))
            );
        return (most, await LimitStore.CountAsync(connection, bucket, most, Window, now, ct));
    }
}
