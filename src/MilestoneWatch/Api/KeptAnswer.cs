using System.Text;

namespace MilestoneWatch.Api;

/// <summary>What was answered to a change, word for word, so that the same request is answered the same again.</summary>
internal sealed record KeptAnswer(int Status, string? Etag, string? Location, string Body) : IResult
{
    /// <summary>Whether it was answered before, and nothing was done now.</summary>
    public bool Replayed { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json";
        if (Etag is not null)
        {
            response.Headers.ETag = Etag;
        }
        if (Location is not null)
        {
            response.Headers.Location = Location;
        }
        if (Replayed)
        {
            response.Headers["Idempotency-Replayed"] = "true";
        }
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(Body), httpContext.RequestAborted);
    }
}
