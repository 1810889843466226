using Microsoft.AspNetCore.Http.Features;

namespace MilestoneWatch.Web.Desk;

/// <summary>Forms of the desk: how much they may hold.</summary>
internal static class DeskForm
{
    public const string TooMuch = "What was sent is no form that this page makes, or more than it takes: a field takes 4,000 characters.";

    // the longest text that is taken, as browsers encode it, has room
    private static readonly FormOptions Limits = new()
    {
        ValueLengthLimit = 64 * 1024,
        MultipartBodyLengthLimit = 64 * 1024,
        BufferBodyLengthLimit = 512 * 1024,
        ValueCountLimit = 64,
    };

    /// <summary>What was sent; null where it is no form, or more than any of ours holds. Read once, however often it is asked for.</summary>
    public static async Task<IFormCollection?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(Limits, ct) : null;
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException or InvalidOperationException or IOException)
        {
            return null;
        }
    }
}
