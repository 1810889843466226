namespace MilestoneWatch.Web;

/// <summary>Addresses of the pages; an as-of page links to as-of pages.</summary>
internal static class Links
{
    public static string Board(string? asOf = null) => "/" + AsOf(asOf);

    /// <summary>The board of these subjects and milestones; of everything where there are none.</summary>
    public static string BoardOf(IEnumerable<string> topics) =>
        "/" + QueryString.Create(topics.Select(topic => KeyValuePair.Create("topic", (string?)topic)));

    /// <summary>How first dates and forecasts held.</summary>
    public static string Record(string? asOf = null) => "/record" + AsOf(asOf);

    /// <summary>The board's Atom feed.</summary>
    public const string BoardFeed = "/feed.atom";

    /// <summary>The page to subscribe on, with a milestone ticked.</summary>
    public static string Subscribe(string slug) => $"/subscribe?topics={Uri.EscapeDataString(slug)}";

    /// <summary>A milestone's Atom feed.</summary>
    public static string Feed(string slug) => $"{Milestone(slug)}.atom";

    /// <summary>A milestone's date, for calendars to subscribe to.</summary>
    public static string Calendar(string slug) => $"{Milestone(slug)}.ics";

    public static string Milestone(string slug, string? asOf = null) => $"/m/{Uri.EscapeDataString(slug)}{AsOf(asOf)}";

    /// <summary>The address if it is one of the web's, else null: a stored "javascript:" is text, never a link.</summary>
    public static string? Outside(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.AbsoluteUri : null;

    private static string AsOf(string? asOf) =>
        asOf is null ? "" : $"?asOf={Uri.EscapeDataString(asOf).Replace("%3A", ":", StringComparison.Ordinal)}";
}
