using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MilestoneWatch.Record.Watchlists;

/// <summary>Writes a watchlist's tree as YAML, always in the same bytes. A text is plain only where every reader takes it for that text.</summary>
internal static partial class WatchlistYaml
{
    private static readonly HashSet<string> Days = new(["as_of", "on", "first_seen_on", "about", "published_on"], StringComparer.Ordinal);

    private static readonly HashSet<string> NotText = new(
        ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"],
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly EmitterSettings Settings = new EmitterSettings()
        .WithBestIndent(2)
        .WithBestWidth(int.MaxValue)
        .WithMaxSimpleKeyLength(1024)
        .WithIndentedSequences()
        .WithNewLine("\n");

    public static string Write(JsonObject tree)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        var emitter = new Emitter(text, Settings);
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(version: null, tags: null, isImplicit: true));
        Node(emitter, "", tree);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static void Node(Emitter emitter, string key, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, MappingStyle.Block));
                foreach (var (name, value) in map)
                {
                    // `on` is a key of ours, and stands plain in the founding file
                    Scalar(emitter, name, IsPlain(name) || name == "on");
                    Node(emitter, name, value);
                }
                emitter.Emit(new MappingEnd());
                break;
            case JsonArray list:
                // a list of words reads best on one line
                var style = list.Any(item => item is JsonObject) ? SequenceStyle.Block : SequenceStyle.Flow;
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
                foreach (var item in list)
                    Node(emitter, key, item);
                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                var text = value.GetValue<string>();
                Scalar(emitter, text, IsPlain(text) || (Days.Contains(key) && Day.IsMatch(text)));
                break;
            default:
                Scalar(emitter, node?.ToJsonString() ?? "null", plain: true);
                break;
        }
    }

    private static void Scalar(Emitter emitter, string text, bool plain) =>
        emitter.Emit(
            new Scalar(
                AnchorName.Empty,
                TagName.Empty,
                text,
                plain ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted,
                isPlainImplicit: true,
                isQuotedImplicit: true
            )
        );

    private static bool IsPlain(string text) => Plain.IsMatch(text) && !NotText.Contains(text);

    // begins with a letter; nothing that begins a comment or ends a key (the emitter minds what a flow forbids)
    [GeneratedRegex("""\A\p{L}([\p{L}\p{Nd} .,_/()'"%+;?!&€$’–-]*[\p{L}\p{Nd}._/()'"%+;?!€$’–-])?\z""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Plain { get; }

    [GeneratedRegex(@"\A\d{4}-\d{2}-\d{2}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Day { get; }
}
