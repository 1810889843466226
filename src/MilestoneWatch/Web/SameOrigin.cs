using MilestoneWatch.Hosting;

namespace MilestoneWatch.Web;

/// <summary>
/// Refuses forms that another site sent: browsers say where a POST comes from. Whoever says nothing is no browser, and carries nobody's
/// cookies; our pages set none anyway.
/// </summary>
internal static class SameOrigin
{
    public static Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> Filter(SiteOptions site) =>
        (context, next) =>
        {
            var request = context.HttpContext.Request;
            var language = PageLanguage.Of(request);
            return Allows(request, site)
                ? next(context)
                : ValueTask.FromResult<object?>(
                    ReaderPages.Note(
                        language,
                        StatusCodes.Status403Forbidden,
                        language.Say("page.foreign.title"),
                        language.Say("page.foreign.text")
                    )
                );
        };

    public static bool Allows(HttpRequest request, SiteOptions site)
    {
        var from = request.Headers["Sec-Fetch-Site"].ToString();
        if (from is { Length: > 0 } and not ("same-origin" or "none"))
        {
            return false;
        }
        // behind a proxy the scheme is the proxy's to know, so the host decides
        return request.Headers.Origin.ToString() is not { Length: > 0 } origin
            || (
                Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                && (
                    string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
                    || string.Equals(uri.Authority, new Uri(site.BaseUrl).Authority, StringComparison.OrdinalIgnoreCase)
                )
            );
    }
}
