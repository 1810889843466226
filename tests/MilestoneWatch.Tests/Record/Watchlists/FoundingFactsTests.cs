using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace MilestoneWatch.Tests.Record.Watchlists;

public sealed partial class FoundingFactsTests
{
    private static readonly SortedDictionary<string, string> Facts = Scalars(File.ReadAllText(Founding.Beside("facts.yaml")));
    private static readonly SortedDictionary<string, string> Shipped = Scalars(Founding.Yaml);

    [Fact]
    public void Every_fact_is_in_the_founding_watchlist()
    {
        Assert.True(Facts.Count > 200, $"only {Facts.Count} facts were walked");
        Assert.Equal([], Facts.Where(f => Shipped.GetValueOrDefault(Renamed(f.Key)) != f.Value));
    }

    [Fact]
    public void It_adds_nothing_but_what_is_ours()
    {
        var facts = Facts.Keys.Select(Renamed).ToHashSet();
        Assert.Equal([], Shipped.Where(s => !facts.Contains(s.Key) && !OursAlone().IsMatch(s.Key)));
    }

    [Fact]
    public void What_the_facts_mark_as_our_wording_is_marked_as_ours()
    {
        var marked = new List<string>();
        var slug = "";
        foreach (var line in File.ReadLines(Founding.Beside("facts.yaml")))
        {
            slug = SlugLine().Match(line) is { Success: true } at ? at.Groups["slug"].Value : slug;
            if (OurMark().Match(line) is { Success: true } mark)
                marked.Add($"milestones[{slug}].{mark.Groups["key"].Value}");
        }
        Assert.Equal(7, marked.Count);
        Assert.Equal([], marked.Except(OursOf(Shipped)));
    }

    [Fact]
    public void Every_added_name_and_quote_is_marked_as_ours()
    {
        var ours = OursOf(Shipped).ToHashSet();
        var facts = Facts.Keys.Select(Renamed).ToHashSet();
        var added = Shipped.Keys.Where(k => !facts.Contains(k) && AddedWording().IsMatch(k));
        Assert.Equal([], added.Where(k => !ours.Contains(k)));
    }

    /// <summary>Path to value of each scalar; items with a slug are known by it, others by their number.</summary>
    private static SortedDictionary<string, string> Scalars(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Walk("", stream.Documents[0].RootNode);
        return found;

        void Walk(string path, YamlNode node)
        {
            if (node is YamlMappingNode map)
            {
                foreach (var (key, value) in map.Children)
                    Walk(path.Length == 0 ? $"{key}" : $"{path}.{key}", value);
            }
            else if (node is YamlSequenceNode list)
            {
                foreach (var (i, item) in list.Children.Index())
                    Walk($"{path}[{SlugOf(item) ?? i.ToString(CultureInfo.InvariantCulture)}]", item);
            }
            else
            {
                var scalar = (YamlScalarNode)node;
                found.Add(path, scalar.Style == YamlDotNet.Core.ScalarStyle.Plain && scalar.Value is "null" ? "(null)" : scalar.Value!);
            }
        }
    }

    private static string? SlugOf(YamlNode item) =>
        item is YamlMappingNode map && map.Children.TryGetValue("slug", out var slug) ? slug.ToString() : null;

    private static string Renamed(string path) => path is "subject" ? "subject.name" : path;

    private static IEnumerable<string> OursOf(IDictionary<string, string> scalars) =>
        from s in scalars
        let at = s.Key.IndexOf(".ours[", StringComparison.Ordinal)
        where at > 0
        select $"{s.Key[..at]}.{s.Value}";

    [GeneratedRegex(
        @"^(subject\.slug|milestones\[[a-z0-9-]+\]\.(name|short_name|outcome|ours\[\d\])|milestones\[bruyeres-le-chatel-opening\]\.evidence\[0\]\.(quote|verbatim|stance|standing|on|source|ours\[\d\]))$"
    )]
    private static partial Regex OursAlone();

    [GeneratedRegex(@"\.(name|short_name|outcome|quote|stance)$")]
    private static partial Regex AddedWording();

    [GeneratedRegex(@"^  - slug: (?<slug>\S+)")]
    private static partial Regex SlugLine();

    [GeneratedRegex(@"^\s*(?<key>\w+):.*#.*\bour (wording|reading)\b")]
    private static partial Regex OurMark();
}
