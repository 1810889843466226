namespace MilestoneWatch.Web.Desk;

/// <summary>What a browser calls itself, short enough for a list: "Firefox on Linux". Anybody may write anything there, so it decides nothing.</summary>
internal static class BrowserName
{
    // the first that is found: most name those below them, too
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "an iPhone"),
        ("iPad", "an iPad"),
        ("Macintosh", "a Mac"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];

    public static string Of(string userAgent)
    {
        var browser = Find(Browsers, userAgent) ?? "A browser";
        return Find(Systems, userAgent) is { } system ? $"{browser} on {system}" : browser;
    }

    private static string? Find((string Mark, string Name)[] known, string userAgent) =>
        known.FirstOrDefault(one => userAgent.Contains(one.Mark, StringComparison.Ordinal)).Name;
}
