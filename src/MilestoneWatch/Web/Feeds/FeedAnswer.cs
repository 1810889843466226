using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using NodaTime;

namespace MilestoneWatch.Web.Feeds;

/// <summary>Answers who has a feed already with 304, before any of it is read; else with the feed.</summary>
internal static class FeedAnswer
{
    private static readonly Duration Settled = Duration.FromMinutes(1);

    // what is written changes with the program that writes it
    private static readonly string Version = typeof(FeedAnswer).Assembly.ManifestModule.ModuleVersionId.ToString("N");

    /// <param name="http">The question, and where headers go.</param>
    /// <param name="contentType">What the feed is.</param>
    /// <param name="cacheControl">Who may keep it, and for how long.</param>
    /// <param name="stand">All that the feed follows from, in a text.</param>
    /// <param name="changedAt">When it last changed; null where it may change without that being told.</param>
    /// <param name="now">The clock.</param>
    /// <param name="read">Reads and writes it.</param>
    public static async Task<IResult> AnswerAsync(
        HttpContext http,
        string contentType,
        string cacheControl,
        string stand,
        Instant? changedAt,
        Instant now,
        Func<Task<ReadOnlyMemory<byte>>> read
    )
    {
        var tag = new EntityTagHeaderValue(
            $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Version}\n{stand}"))[..16])}\""
        );
        // a second that may still see another change is no proof of anything
        var changed =
            changedAt is { } at && at + Settled < now
                ? Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds()).ToDateTimeOffset()
                : (DateTimeOffset?)null;
        var headers = http.Response.GetTypedHeaders();
        headers.ETag = tag;
        headers.LastModified = changed;
        http.Response.Headers.CacheControl = cacheControl;
        return HasIt(http.Request.GetTypedHeaders(), tag, changed)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Bytes(await read(), contentType);
    }

    private static bool HasIt(RequestHeaders asked, EntityTagHeaderValue tag, DateTimeOffset? changed) =>
        asked.IfNoneMatch.Count > 0
            ? asked.IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false))
            : changed is not null && asked.IfModifiedSince >= changed;
}
