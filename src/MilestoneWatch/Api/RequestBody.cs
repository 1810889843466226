using System.Text.Json;
using System.Text.Unicode;

namespace MilestoneWatch.Api;

/// <summary>A request's body: JSON in UTF-8, a megabyte at most.</summary>
internal static class RequestBody
{
    public const int Longest = 1 << 20;
    private const int Deepest = 16;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = Deepest };

    /// <summary>The body's bytes, or why they are not taken.</summary>
    public static async Task<(byte[] Bytes, ApiProblem? Problem)> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (
            !System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
            || !(type.CharSet is null || string.Equals(type.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase))
            || request.Headers.ContentEncoding.Count > 0
        )
        {
            return ([], ApiProblem.NoJson());
        }
        if (request.ContentLength > Longest)
        {
            return ([], ApiProblem.TooLong());
        }
        using var read = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int length;
        while ((length = await request.Body.ReadAsync(buffer, ct)) > 0)
        {
            read.Write(buffer, 0, length);
            if (read.Length > Longest)
            {
                return ([], ApiProblem.TooLong());
            }
        }
        return (read.ToArray(), null);
    }

    /// <exception cref="BadBodyException">It is no JSON.</exception>
    public static JsonDocument Parse(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            throw new BadBodyException(null, "the body is not UTF-8", "send JSON in UTF-8");
        }
        try
        {
            return JsonDocument.Parse(bytes, Strict);
        }
        catch (JsonException e)
        {
            throw new BadBodyException(
                null,
                bytes.Length == 0
                    ? "there is no body"
                    : $"the body is no JSON at line {e.LineNumber + 1}, place {e.BytePositionInLine + 1}, or nested more than {Deepest} deep",
                "send one JSON object, without comments and with no comma after the last member"
            );
        }
    }
}
