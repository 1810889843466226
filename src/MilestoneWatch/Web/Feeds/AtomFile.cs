using System.Text;
using System.Xml;
using MilestoneWatch.Hosting;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Web.Feeds;

/// <summary>An Atom feed as a file (RFC 4287).</summary>
internal static class AtomFile
{
    private const string Atom = "http://www.w3.org/2005/Atom";

    /// <param name="site">Where it is kept.</param>
    /// <param name="title">Its title.</param>
    /// <param name="self">Its own address on the site.</param>
    /// <param name="page">The page that says the same.</param>
    /// <param name="entries">Newest first.</param>
    public static ReadOnlyMemory<byte> Write(
        SiteOptions site,
        string title,
        string self,
        string page,
        IReadOnlyCollection<AtomEntry> entries
    )
    {
        using var buffer = new MemoryStream();
        var settings = new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Indent = true,
            NewLineChars = "\n",
        };
        using (var xml = XmlWriter.Create(buffer, settings))
        {
            xml.WriteStartElement("feed", Atom);
            xml.WriteAttributeString("xml", "lang", null, "en");
            Element(xml, "id", Id(site, self));
            Element(xml, "title", title);
            Element(xml, "updated", Stamp(entries.Count == 0 ? Instant.FromUnixTimeTicks(0) : entries.Max(entry => entry.Updated)));
            xml.WriteStartElement("author", Atom);
            Element(xml, "name", "MilestoneWatch");
            xml.WriteEndElement();
            Link(xml, "self", "application/atom+xml", site.LinkTo(self));
            Link(xml, "alternate", "text/html", site.LinkTo(page));
            foreach (var entry in entries)
            {
                Write(xml, site, entry);
            }
            xml.WriteEndElement();
        }
        return buffer.ToArray();
    }

    private static void Write(XmlWriter xml, SiteOptions site, AtomEntry entry)
    {
        xml.WriteStartElement("entry", Atom);
        Element(xml, "id", Id(site, "/" + entry.Path));
        Element(xml, "title", entry.Title);
        Element(xml, "published", Stamp(entry.Published));
        Element(xml, "updated", Stamp(entry.Updated));
        Link(xml, "alternate", "text/html", entry.Link);
        xml.WriteStartElement("category", Atom);
        xml.WriteAttributeString("term", Allowed(entry.Category));
        xml.WriteEndElement();
        xml.WriteStartElement("content", Atom);
        xml.WriteAttributeString("type", "html");
        xml.WriteString(Allowed(entry.Html));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    // a tag (RFC 4151): it names, and says nothing of where things are kept
    private static string Id(SiteOptions site, string path)
    {
        var place = new Uri(site.BaseUrl);
        return $"tag:{place.IdnHost},2026:{place.AbsolutePath.TrimEnd('/')}{path}";
    }

    private static void Link(XmlWriter xml, string rel, string type, string href)
    {
        xml.WriteStartElement("link", Atom);
        xml.WriteAttributeString("rel", rel);
        xml.WriteAttributeString("type", type);
        xml.WriteAttributeString("href", href);
        xml.WriteEndElement();
    }

    private static void Element(XmlWriter xml, string name, string text) => xml.WriteElementString(name, Atom, Allowed(text));

    private static string Stamp(Instant at) => InstantPattern.ExtendedIso.Format(at);

    // XML holds no control characters, not even written as numbers
    private static string Allowed(string text) =>
        string.Concat(text.EnumerateRunes().Where(rune => !rune.IsBmp || XmlConvert.IsXmlChar((char)rune.Value)));
}
