using System.Net;

namespace MilestoneWatch.Hosting;

/// <summary>Section <c>Site</c>.</summary>
internal sealed class SiteOptions
{
    /// <summary>Where readers reach the pages; links in mails begin with it.</summary>
    public string BaseUrl { get; set; } = "http://127.0.0.1:5080";

    /// <summary>Reverse proxies whose word about where a request comes from is believed: addresses and networks, with commas.</summary>
    public string TrustedProxies { get; set; } = "";

    public bool Trusts(IPAddress address) =>
        Proxies()
            .Any(proxy => Network(proxy) is { } network && network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    public IEnumerable<string> Problems()
    {
        foreach (var proxy in Proxies().Where(proxy => Network(proxy) is null))
        {
            yield return $"MW_Site__TrustedProxies has \"{proxy}\": give addresses or networks with commas, such as 10.0.0.5, 172.16.0.0/12";
        }
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

    private string[] Proxies() => TrustedProxies.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static IPNetwork? Network(string proxy) =>
        IPNetwork.TryParse(proxy, out var network) ? network
        : IPAddress.TryParse(proxy, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    public string LinkTo(string path) => $"{BaseUrl.TrimEnd('/')}{path}";
}
