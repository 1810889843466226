using System.Security.Cryptography;
using System.Text;
using MilestoneWatch.Bounces;
using MilestoneWatch.Hosting;
using MilestoneWatch.Postgres;

namespace MilestoneWatch.Web;

/// <summary>
/// Bounces for programs: POST /api/bounces with a message as it came, and the secret. 202 and what was read; the same message twice is
/// counted once.
/// </summary>
internal static class BouncesApi
{
    private const int Longest = 1024 * 1024;
    private const string Scheme = "Bearer ";

    public static void MapBouncesApi(this IEndpointRouteBuilder routes, Installation mw) =>
        routes.MapPost("/api/bounces", (HttpContext http, CancellationToken ct) => TakeAsync(mw, http, ct)).DisableAntiforgery();

    private static async Task<IResult> TakeAsync(Installation mw, HttpContext http, CancellationToken ct)
    {
        if (await mw.Settings.Bounces.SecretAsync(ct) is not { Length: > 0 } secret)
        {
            return Results.NotFound();
        }
        var given = http.Request.Headers.Authorization.ToString();
        if (!given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || !IsSame(given[Scheme.Length..].Trim(), secret))
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Results.Json(
                new { error = "send Authorization: Bearer with the configured token" },
                LedgerJson.Options,
                statusCode: 401
            );
        }
        if (await BodyAsync(http.Request, ct) is not { } message)
        {
            return Results.Json(
                new { error = "the message is longer than 1 MB: send its first part" },
                LedgerJson.Options,
                statusCode: 413
            );
        }
        var recorded = await BounceRecord.RecordAsync(mw, message, trusted: true, ct);
        return Results.Json(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["kind"] = recorded.Reading.Word,
                ["recipient"] = recorded.Reading.Recipient,
                ["status"] = recorded.Reading.Status,
                ["diagnostic"] = recorded.Reading.Diagnostic,
                ["counted"] = recorded.Counted,
                ["suppressed"] = recorded.Suppressed ? recorded.About : null,
            },
            LedgerJson.Options,
            statusCode: StatusCodes.Status202Accepted
        );
    }

    // hashed, so that not even the length tells
    private static bool IsSame(string given, string secret) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)),
            SHA256.HashData(Encoding.UTF8.GetBytes(secret))
        );

    private static async Task<byte[]?> BodyAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > Longest)
        {
            return null;
        }
        var buffer = new byte[Longest + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
        return length > Longest ? null : buffer[..length];
    }
}
