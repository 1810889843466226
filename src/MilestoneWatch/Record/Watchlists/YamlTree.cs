using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Reads YAML into nodes that know their lines. Plain values only: no anchors, aliases, tags or second document.</summary>
internal sealed class YamlTree
{
    private const int MaxDepth = 16;
    private readonly Parser parser;
    private readonly Refusals refusals;
    private readonly List<(int Line, string What)> forbidden;

    private YamlTree(string yaml, Refusals refusals)
    {
        (var clean, forbidden) = Characters.Clean(yaml.StartsWith('\uFEFF') ? yaml[1..] : yaml);
        parser = new(new StringReader(clean));
        this.refusals = refusals;
    }

    /// <summary>Null where the text is not YAML, with the reason among the refusals.</summary>
    public static YamlNode? Read(string yaml, Refusals refusals) => new YamlTree(yaml, refusals).Read();

    private YamlNode? Read()
    {
        YamlNode? root = null;
        try
        {
            parser.Consume<StreamStart>();
            if (parser.TryConsume<DocumentStart>(out _))
            {
                root = Node(0);
                parser.Consume<DocumentEnd>();
            }
            if (parser.TryConsume<DocumentStart>(out var second))
                refusals.Add(Line(second), "a second document starts here; a file holds one watchlist");
        }
        catch (YamlException e)
        {
            refusals.Add((int)e.Start.Line, NotYaml(e));
            root = null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // the parser throws more than it declares: InvalidOperationException for text after "...", for one
            refusals.Add((int)(parser.Current?.End.Line ?? 1), NotYaml(e));
            root = null;
        }
        foreach (var (line, what) in forbidden)
            refusals.Add(line, $"holds {what}; remove it");
        return root;
    }

    private static string NotYaml(Exception e) => $"this is not YAML: {e.Message} Look at the quotes, colons and indentation here.";

    private YamlNode Node(int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            var unread = new YamlNode(Line(alias));
            Refuse(unread, "an alias (*name) is not followed; write the value out");
            return unread;
        }
        var start = parser.Consume<NodeEvent>();
        if (depth > MaxDepth)
            throw new YamlException(start.Start, start.End, "It is nested too deeply.");
        var node = start switch
        {
            MappingStart => Map(start, depth),
            SequenceStart => List(start, depth),
            _ => Leaf((Scalar)start),
        };
        if (!start.Anchor.IsEmpty)
            Refuse(node, "an anchor (&name) is of no use here; remove it");
        else if (!start.Tag.IsEmpty)
            Refuse(node, "a tag (!name) is of no use here; remove it");
        return node;
    }

    private YamlNode Map(NodeEvent start, int depth)
    {
        var map = new YamlNode(Line(start)) { Entries = new(StringComparer.Ordinal) };
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var plain =
                parser.Accept<Scalar>(out var scalar)
                && scalar.Value.Length <= Slugs.MaxLength
                && !scalar.Value.Contains('\n', StringComparison.Ordinal);
            var name = plain ? scalar!.Value : "?";
            var key = Node(depth + 1);
            map.Adopt(key, name, key.Line);
            var value = Node(depth + 1);
            map.Adopt(value, name, key.Line);
            if (!plain)
                Refuse(key, "a key must be a plain word");
            else if (!key.Refused && !map.Entries.TryAdd(name, value))
                Refuse(key, $"stands here twice, first on line {map.Entries[name].KeyLine}; keep one");
        }
        return map;
    }

    private YamlNode List(NodeEvent start, int depth)
    {
        var list = new YamlNode(Line(start)) { Items = [] };
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            var item = Node(depth + 1);
            list.Items.Add(item);
            list.Adopt(item, "", item.Line);
        }
        return list;
    }

    private YamlNode Leaf(Scalar scalar)
    {
        var isNull = scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "null" or "Null" or "NULL" or "~";
        var node = new YamlNode(Line(scalar)) { Text = isNull ? null : scalar.Value };
        foreach (var (line, what) in ForbiddenIn(scalar))
        {
            refusals.Add(line, node, $"holds {what}; remove it");
            node.Refused = true;
        }
        return node;
    }

    /// <summary>What stands in the raw text of this value is taken from the list; what an escape hid is found in the value.</summary>
    private List<(int Line, string What)> ForbiddenIn(Scalar scalar)
    {
        var found = Characters.Clean(scalar.Value).Found;
        for (var i = 0; i < found.Count; i++)
        {
            var raw = forbidden.FindIndex(f => f.Line >= scalar.Start.Line && f.Line <= scalar.End.Line);
            found[i] = raw < 0 ? (Line(scalar), found[i].What) : forbidden[raw];
            if (raw >= 0)
                forbidden.RemoveAt(raw);
        }
        return [.. found.Distinct()];
    }

    private void Refuse(YamlNode node, string message)
    {
        refusals.Add(node, message);
        node.Refused = true;
    }

    private static int Line(ParsingEvent at) => (int)at.Start.Line;
}
