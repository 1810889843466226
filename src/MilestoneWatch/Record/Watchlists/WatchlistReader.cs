namespace MilestoneWatch.Record.Watchlists;

/// <summary>Turns a file's nodes into a watchlist. Sources are read first, then milestones: others refer to them.</summary>
internal sealed class WatchlistReader(Refusals refusals)
{
    private readonly Dictionary<string, SourceItem> sources = new(StringComparer.Ordinal);
    private readonly HashSet<string> sourceNames = new(StringComparer.Ordinal);

    // a question is a milestone too: they share addresses
    private readonly HashSet<string> slugs = new(StringComparer.Ordinal);

    public Watchlist Read(YamlNode root)
    {
        var fields = new Fields(root, refusals);
        var subject = fields.Group("subject", f => new SubjectItem(f.Slug("slug"), f.Required("name"), f.Line), required: true);
        var asOf = fields.Date("as_of");
        sourceNames.UnionWith(fields.KeysOf("sources"));
        foreach (var (name, source) in fields.Named("sources", Source))
            sources.Add(name, source);
        var milestones = fields.List(
            "milestones",
            new MilestoneReader(new(sources, sourceNames, asOf), sourceNames, TakeSlug).Read,
            required: true
        );
        var milestoneSlugs = slugs.ToHashSet(StringComparer.Ordinal);
        var watchlist = new Watchlist(
            subject ?? new("", "", 0),
            asOf,
            [.. sources.Values],
            milestones,
            fields.List("questions", f => Question(f, milestoneSlugs)),
            fields.List("quotes", Quote),
            fields.List("context", Context)
        );
        fields.RefuseTheRest();
        return watchlist;
    }

    private SourceItem Source(string name, Fields fields)
    {
        if (!Slugs.IsOne(name))
            fields.RefuseItem($"the name of a source is made of {Slugs.Rule}");
        var url = fields.Text("url");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http"))
        {
            uri = null;
            if (url is not null)
                fields.Refuse("url", $"`{Slugs.Clip(url)}` is no web address; it starts with https:// or http://");
        }
        var file = fields.Text("file");
        if (file is not null && (file.AsSpan().IndexOfAny('/', '\\') >= 0 || file.StartsWith('.')))
            fields.Refuse("file", "must be the plain name of a file beside this one");
        var via = fields.Reference("via", "source", sourceNames);
        if (string.Equals(via, name, StringComparison.Ordinal))
            fields.Refuse("via", "names the source itself; name the one that led to it");
        return new(
            name,
            fields.Required("publisher"),
            fields.Text("title"),
            uri,
            file,
            via,
            fields.Date("about"),
            fields.Date("published_on"),
            fields.Line
        );
    }

    private QuestionItem Question(Fields fields, HashSet<string> milestoneSlugs) =>
        new(
            TakeSlug(fields),
            fields.Required("text"),
            fields.Texts("about", "milestone", milestoneSlugs),
            fields.Reference("source", "source", sourceNames),
            fields.Group("status", f => EvidenceReader.Status(f, Words.Answers, sourceNames)),
            fields.List("evidence", f => EvidenceReader.Read(f, sourceNames, relations: null)),
            fields.Line
        );

    private QuoteItem Quote(Fields fields) =>
        new(
            fields.Required("who"),
            fields.Required("says"),
            fields.Flag("verbatim", required: true),
            fields.ReferenceRequired("source", "source", sourceNames),
            fields.Line
        );

    private ContextItem Context(Fields fields) =>
        new(fields.Date("on"), fields.Required("text"), fields.ReferenceRequired("source", "source", sourceNames), fields.Line);

    private string TakeSlug(Fields fields)
    {
        var slug = fields.Slug("slug");
        if (slug.Length > 0 && !slugs.Add(slug))
            fields.Refuse("slug", $"`{Slugs.Clip(slug)}` is taken by an earlier milestone or question; choose another");
        return slug;
    }
}
