namespace MilestoneWatch.Hosting;

/// <summary>Section <c>Site</c>.</summary>
internal sealed class SiteOptions
{
    /// <summary>Where readers reach the pages; links in mails begin with it.</summary>
    public string BaseUrl { get; set; } = "http://127.0.0.1:5080";

    public IEnumerable<string> Problems()
    {
        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            yield return $"MW_Site__BaseUrl is \"{BaseUrl}\": give the address at which readers reach the pages, such as https://watch.example.org";
        }
        else if (url is { Scheme: "http", IsLoopback: false })
        {
            // readers' links are personal: in clear they go no further than this machine
            yield return $"MW_Site__BaseUrl is \"{BaseUrl}\": mails carry personal links, so give its https address";
        }
    }

    public string LinkTo(string path) => $"{BaseUrl.TrimEnd('/')}{path}";
}
