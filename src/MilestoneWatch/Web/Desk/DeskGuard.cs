namespace MilestoneWatch.Web.Desk;

/// <summary>The desk's pages may do what the others may, run our one script, and hold the frame with the mail.</summary>
internal static class DeskGuard
{
    private const string Page =
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static ValueTask<object?> Filter(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var headers = context.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = Page;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return next(context);
    }

    /// <summary>What is shown in the frame: styled by <paramref name="style"/>, and able to do nothing; its links open elsewhere or not at all.</summary>
    public static void Frame(HttpContext http, string style) =>
        http.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; {style}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox";
}
