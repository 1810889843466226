using System.Net;
using System.Net.Sockets;
using MilestoneWatch.Hosting;

namespace MilestoneWatch.Web;

/// <summary>The network that a request comes from, as far as limits care: a /24 of IPv4, a /48 of IPv6.</summary>
internal static class ClientNetwork
{
    public static string Of(HttpContext http, SiteOptions site)
    {
        var address = http.Connection.RemoteIpAddress;
        if (
            address is not null
            && site.Trusts(address)
            && http.Request.Headers["X-Forwarded-For"].ToString() is { Length: > 0 } forwarded
            // whatever stands before the last was written by whoever asked
            && IPEndPoint.TryParse(forwarded[(forwarded.LastIndexOf(',') + 1)..].Trim(), out var hop)
        )
        {
            address = hop.Address;
        }
        return Of(address);
    }

    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "none";
        }
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        var kept = plain.AddressFamily == AddressFamily.InterNetwork ? 3 : 6;
        return $"{Convert.ToHexStringLower(bytes.AsSpan(0, kept))}/{kept * 8}";
    }
}
