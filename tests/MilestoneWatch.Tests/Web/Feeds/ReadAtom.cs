using System.ServiceModel.Syndication;
using System.Text;
using System.Xml;

namespace MilestoneWatch.Tests.Web.Feeds;

/// <summary>Atom as others judge and read it: xmllint by RFC 4287's grammar, and .NET's syndication reader.</summary>
internal static class ReadAtom
{
    public static async Task ValidAsync(byte[] file)
    {
        var (code, _, error) = await Outside.RunAsync("xmllint", file, "--noout", "--nonet", "--relaxng", "atom.rng", "-");
        Assert.Equal((0, "- validates\n"), (code, error));
    }

    public static SyndicationFeed Of(string text)
    {
        using var xml = XmlReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        return SyndicationFeed.Load(xml);
    }

    /// <summary>What a feed reader is given to show.</summary>
    public static string Html(this SyndicationItem item)
    {
        var content = Assert.IsType<TextSyndicationContent>(item.Content);
        Assert.Equal("html", content.Type);
        return content.Text;
    }
}
