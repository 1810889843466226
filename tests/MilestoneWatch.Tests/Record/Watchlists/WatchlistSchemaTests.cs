using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record.Watchlists;
using NodaTime;
using Words = MilestoneWatch.Record.Watchlists.Words;

namespace MilestoneWatch.Tests.Record.Watchlists;

public sealed partial class WatchlistSchemaTests
{
    private static readonly JsonNode Root = JsonNode.Parse(WatchlistSchema.Text)!;
    private static readonly JsonSchema Schema = new(Root);

    [Fact]
    public void The_founding_watchlist_is_valid() => Assert.True(Schema.Accepts(WatchlistTree.Of(Founding.Read())));

    [Fact]
    public void A_watchlist_with_every_key_is_valid_and_is_read_as_it_was()
    {
        Assert.True(Schema.Accepts(Everything()));
        Assert.Equal(Everything().ToJsonString(), WatchlistTree.Of(Read(Everything())!).ToJsonString());
    }

    [Fact]
    public void The_schema_has_no_key_that_is_not_written()
    {
        var written = new HashSet<string>();
        Walk(Everything(), "", (_, path, _) => written.Add(path));
        // each described object, wherever it stands, against all objects of that shape
        var keys = written.Select(path => path[(path.LastIndexOf('.') + 1)..]).ToHashSet();
        Assert.Equal(
            [],
            Schema
                .Objects()
                .SelectMany(schema => schema["properties"]!.AsObject().Select(p => p.Key))
                .Distinct()
                .Where(key => !keys.Contains(key))
        );
    }

    [Fact]
    public void Every_described_key_tells_what_it_is_for() =>
        Assert.Equal(
            [],
            from schema in Schema.Objects()
            from property in schema["properties"]!.AsObject()
            where property.Value!["description"] is null && property.Value["$ref"] is null
            select property.Key
        );

    // left out, null, a mapping or a list instead, and a key beside it that nobody knows: schema and reader judge the same
    [Fact]
    public void Schema_and_reader_agree_on_every_key_and_value()
    {
        var tried = 0;
        var disagreements = new SortedSet<string>(StringComparer.Ordinal);
        var everything = Everything();
        var places = new List<(string Path, int Index)>();
        Walk(Everything(), "", (_, path, index) => places.Add((path, index)));
        foreach (var (path, index) in places)
        {
            foreach (var (what, change) in Changes)
            {
                var tree = everything.DeepClone();
                var at = 0;
                (JsonNode Parent, string Key)? place = null;
                Walk(tree, "", (parent, _, _) => place = at++ == index ? (parent.Parent, parent.Key) : place);
                change(place!.Value.Parent.AsObject(), place.Value.Key);
                tried++;
                var (schema, reader) = (Schema.Accepts(tree), Read(tree) is not null);
                if (schema != reader && !(schema && OnlyReaderKnows.IsMatch($"{path} {what}")))
                    disagreements.Add($"{path} {what}: {(schema ? "only the reader refuses it" : "only the schema refuses it")}");
            }
        }
        Assert.Equal([], disagreements);
        Assert.True(tried > 500, $"only {tried} were tried");
    }

    [Fact]
    public void The_words_to_choose_from_are_the_same()
    {
        Equal(Words.Kinds.Keys, "milestone", "kind");
        Equal(Words.Directions.Keys, "milestone", "direction");
        Equal(Words.Stances.Keys, "evidence", "stance");
        Equal(Words.Stances.Keys, "tally_evidence", "stance");
        Equal(Words.Standings.Keys, "evidence", "standing");
        Equal(Words.Standings.Keys, "progress", "standing");
        Equal(Words.Statuses.Keys, "status", "is");
        Equal(Words.Answers.Keys, "answer", "is");
        Assert.Equal(
            Words.Relations.Keys,
            Root["$defs"]!["milestone"]!["properties"]!["relations"]!["additionalProperties"]!["enum"]!
                .AsArray()
                .Select(word => word!.GetValue<string>())
        );

        static void Equal(IEnumerable<string> words, string def, string key) =>
            Assert.Equal(
                words.Order(StringComparer.Ordinal),
                Root["$defs"]![def]!["properties"]![key]!["enum"]!
                    .AsArray()
                    .OfType<JsonNode>()
                    .Select(word => word.GetValue<string>())
                    .Order(StringComparer.Ordinal)
            );
    }

    // that a phrase can be read, that a zone is one, and that what is named elsewhere is there
    [GeneratedRegex(
        @"\.(phrase|read_as|zone|relation) another word|\.(name|note) left out|\.relations(\.renewal)? (null|left out)|^\.sources(\.[st])? (null|left out)"
    )]
    private static partial Regex OnlyReaderKnows { get; }

    private static readonly (string What, Action<JsonObject, string> Change)[] Changes =
    [
        ("left out", (map, key) => map.Remove(key)),
        ("null", (map, key) => map[key] = null),
        ("a mapping", (map, key) => map[key] = new JsonObject { ["x"] = "y" }),
        ("a list", (map, key) => map[key] = new JsonArray("x x")),
        ("another word", (map, key) => map[key] = "no such: word!"),
        ("an unknown key beside it", (map, _) => map["unheard-of"] = "x"),
        ("too long", (map, key) => map[key] = new string('x', 4001)),
    ];

    private static Watchlist? Read(JsonNode tree)
    {
        WatchlistFile.TryRead(WatchlistYaml.Write(tree.AsObject()), out var watchlist, out _);
        return watchlist;
    }

    /// <summary>Each key of each mapping, with its path; names that the file makes up are passed over.</summary>
    private static void Walk(JsonNode node, string path, Action<(JsonNode Parent, string Key), string, int> see)
    {
        var index = 0;
        Visit(node, path);

        void Visit(JsonNode? at, string where)
        {
            if (at is JsonObject map)
            {
                foreach (var (key, value) in map.ToList())
                {
                    see((map, key), $"{where}.{key}", index++);
                    Visit(value, $"{where}.{key}");
                }
            }
            else if (at is JsonArray list)
            {
                foreach (var (i, item) in list.Index())
                    Visit(item, $"{where}[{i}]");
            }
        }
    }

    /// <summary>A watchlist in which every key stands that a file may have, for each kind.</summary>
    private static JsonObject Everything()
    {
        var day = new LocalDate(2026, 5, 28);
        var remarks = new Remarks("a note", "a quote", true, Standing.Reported);
        var names = new Dictionary<string, int>();
        var status = new StatusItem(Status.Delayed, day, "a reason", "s", remarks, 0);
        Promise Promised(string phrase) => new(phrase, phrase, Is.Due(phrase).Window, day, day, "s", remarks, 0);
        EvidenceItem Evidence(string? name) =>
            new(
                name,
                name is null ? null : "renewal",
                "q",
                true,
                Stance.Supports,
                Standing.Claimed,
                day,
                "n",
                "s",
                new HashSet<string> { "quote", "note" },
                0
            );
        MilestoneItem Milestone(string slug, MilestoneKind kind) =>
            new(
                slug,
                "title",
                "name",
                "short",
                "outcome",
                kind,
                "detail",
                "counts when",
                "conflicts",
                "Europe/Paris",
                kind == MilestoneKind.Quantity ? 2.5m : null,
                kind == MilestoneKind.Quantity ? "MW" : null,
                kind == MilestoneKind.Quantity ? Direction.AtMost : null,
                kind == MilestoneKind.Tally
                    ? new Dictionary<string, bool> { ["renewal"] = true, ["launch"] = false }
                    : new Dictionary<string, bool>(),
                kind == MilestoneKind.Tally ? ["One"] : [],
                kind == MilestoneKind.Tally ? 3 : null,
                kind == MilestoneKind.Tally ? new Dictionary<string, string> { ["1"] = "One" } : new Dictionary<string, string>(),
                [30, 7],
                90,
                10,
                status,
                Promised("Q3 2026"),
                [Promised("Q1 2026"), Promised("Q2 2026")],
                [new Reading("Q3 2026", "Q3 2026", Is.Due("Q3 2026").Window, "means", "s", true, remarks, 0)],
                kind == MilestoneKind.Quantity ? [new ProgressItem(1.5m, day, "n", "q", true, Standing.Confirmed, "s", 0)] : [],
                [Evidence(kind == MilestoneKind.Tally ? "Two" : null)],
                new HashSet<string> { "name", "title" },
                names,
                0
            );
        return WatchlistTree.Of(
            new Watchlist(
                new SubjectItem("acme", "Acme", 0),
                day,
                [
                    new SourceItem("s", "p", "t", new Uri("https://a.example/"), "f.txt", "t", day, day, 0),
                    new SourceItem("t", "p", null, null, null, null, null, null, 0),
                ],
                [Milestone("e", MilestoneKind.Event), Milestone("q", MilestoneKind.Quantity), Milestone("t", MilestoneKind.Tally)],
                [new QuestionItem("w", "Why?", ["e"], "s", status with { Is = Status.Answered }, [Evidence(null)], 0)],
                [new QuoteItem("who", "says", true, "s", 0)],
                [new ContextItem(day, "text", "s", 0)]
            )
        );
    }
}
