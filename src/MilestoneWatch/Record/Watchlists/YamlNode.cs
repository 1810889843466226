namespace MilestoneWatch.Record.Watchlists;

/// <summary>One node of a YAML file and where it stands. Exactly one of text, items and entries is set, or none for null.</summary>
internal sealed class YamlNode(int line)
{
    public int Line { get; } = line;

    /// <summary>Something is wrong with it that is already reported: read it as absent, and say no more.</summary>
    public bool Refused { get; set; }

    public string? Text { get; init; }
    public List<YamlNode>? Items { get; init; }
    public Dictionary<string, YamlNode>? Entries { get; init; }

    /// <summary>The line of its key; its own line for an item of a list.</summary>
    public int KeyLine { get; private set; } = line;

    private YamlNode? Parent { get; set; }
    private string Label { get; set; } = "";

    public bool IsNull => Text is null && Items is null && Entries is null;

    /// <summary>As `milestones[les-ulis-opening].promised.phrase`; items without a slug are numbered from 0.</summary>
    public string Path =>
        Parent is null ? ""
        : Parent.Items is { } siblings ? $"{Parent.Path}[{Slug ?? $"{siblings.IndexOf(this)}"}]"
        : Parent.PathOf(Label);

    private string? Slug => Entries?.GetValueOrDefault("slug")?.Text is { } slug && Slugs.IsOne(slug) ? slug : null;

    public string PathOf(string key) => Path is { Length: > 0 } path ? $"{path}.{Slugs.Clip(key)}" : Slugs.Clip(key);

    public void Adopt(YamlNode child, string label, int keyLine)
    {
        child.Parent = this;
        child.Label = label;
        child.KeyLine = keyLine;
    }
}
