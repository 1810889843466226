using System.Globalization;
using MilestoneWatch.Domain.Languages;

namespace MilestoneWatch.Web;

/// <summary>The language of a page for somebody not known yet: the one asked for, else the first of the browser's that we write in.</summary>
internal static class PageLanguage
{
    public static Language Of(HttpRequest request)
    {
        if (request.Query["lang"].ToString() is { Length: > 0 } asked && Has(asked))
        {
            return Language.Of(asked);
        }
        var preferred = request
            .GetTypedHeaders()
            .AcceptLanguage.OrderByDescending(one => one.Quality ?? 1)
            .Select(one => one.Value.ToString().Split('-')[0].ToLower(CultureInfo.InvariantCulture))
            .FirstOrDefault(Has);
        return Language.Of(preferred ?? "en");
    }

    private static bool Has(string code) => Language.Codes.Contains(code, StringComparer.Ordinal);
}
