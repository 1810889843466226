using System.Text.Json.Nodes;
using CsCheck;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Record;
using MilestoneWatch.Record.Watchlists;
using YamlDotNet.RepresentationModel;

namespace MilestoneWatch.Tests.Record.Watchlists;

public sealed class HostileTextTests(PostgresCluster cluster)
{
    private static readonly string[] Texts =
    [
        "yes",
        "No",
        "on",
        "off",
        "y",
        "null",
        "Null",
        "~",
        "true",
        "FALSE",
        "1",
        "-1",
        "+1",
        "0x1F",
        "0o17",
        "1_000",
        "1e3",
        ".5",
        ".inf",
        ".NaN",
        "12:30:45",
        "2026-05-28",
        "2026-05-28T10:00:00Z",
        "=",
        "<<",
        "- a",
        "-",
        "--- a",
        "---",
        "...",
        "# no comment",
        "a # b",
        "a #b",
        "a: b",
        "a:",
        ":a",
        ": ",
        "? a",
        "!tag",
        "!!int 3",
        "&a",
        "*a",
        "%TAG",
        "@at",
        "`tick`",
        "|",
        ">-",
        "'",
        "\"",
        "''",
        "\"\"",
        "it's",
        "say \"so\"",
        "\\",
        "a\\nb",
        "\\u0041",
        "[a, b]",
        "{a: b}",
        "a, b",
        "]",
        "}",
        ",",
        "é",
        "ß",
        "日本語",
        "🚀 up",
        "e\u0301",
        "\u00A0a",
        "a\u00A0b",
        "\u200Bzero",
        "a\u200D",
        "مرحبا",
        "#",
        "a\u0301",
        "two\nlines",
        "a\n\nb",
        "a\n  b\n- c: d",
        "trailing:\n",
        "x\n",
        new('x', 4000),
        string.Concat(Enumerable.Repeat("long words ", 363)),
        "\u2028sep",
        "a\uFEFFb",
        "tab\there",
    ];

    private static readonly Gen<string> Any = Gen.OneOf(
            Gen.Int[0, Texts.Length - 1].Select(i => Texts[i]),
            Gen.String[0, 8],
            Gen.Char[' ', '~'].Array[0, 12].Select(c => new string(c))
        )
        .Array[1, 4]
        .Select(parts => string.Join(' ', parts));

    [Fact]
    public void Any_text_comes_back_from_the_file() =>
        Any.Sample(text =>
        {
            if (Characters.Allowed(text, lines: true) is not { } allowed)
                return true;
            var yaml = WatchlistYaml.Write(
                new JsonObject
                {
                    ["a"] = allowed,
                    ["list"] = new JsonArray(allowed),
                    ["map"] = new JsonObject { ["x"] = allowed },
                }
            );
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            var root = (YamlMappingNode)stream.Documents[0].RootNode;
            var read = YamlTree.Read(yaml, new Refusals())!;
            return ((YamlScalarNode)root.Children["a"]).Value == allowed
                && read.Entries!["a"].Text == allowed
                && read.Entries["list"].Items![0].Text == allowed
                && read.Entries["map"].Entries!["x"].Text == allowed
                && !yaml.Contains('\r', StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("yes")]
    [InlineData("No")]
    [InlineData("on")]
    [InlineData("y")]
    [InlineData("null")]
    [InlineData("NULL")]
    [InlineData("~")]
    [InlineData("True")]
    [InlineData("1")]
    [InlineData("-1.5")]
    [InlineData("1e3")]
    [InlineData("0x1F")]
    [InlineData("1_000")]
    [InlineData(".inf")]
    [InlineData("12:30:45")]
    [InlineData("2026-05-28")]
    [InlineData("=")]
    [InlineData("<<")]
    [InlineData("- a")]
    [InlineData("a: b")]
    [InlineData("a:")]
    [InlineData("a #b")]
    [InlineData("@a")]
    public void What_another_reader_would_take_for_something_else_is_quoted(string text) =>
        Assert.Equal($"phrase: \"{text}\"\n", WatchlistYaml.Write(new JsonObject { ["phrase"] = text }));

    [Fact]
    public void A_day_stands_plain_where_days_stand() =>
        Assert.Equal("on: 2026-05-28\n", WatchlistYaml.Write(new JsonObject { ["on"] = "2026-05-28" }));

    [Fact]
    public async Task Hostile_text_comes_back_from_every_place()
    {
        await using var house = await House.OpenAsync(cluster, "2026-06-03T08:00:00Z");
        await house.ImportAsync(Founding.Yaml);
        foreach (var text in Texts)
        {
            await house.RecordAsync(
                new RecordRequest("les-ulis-opening", new EvidenceAdded(Stance.Unclear, null, null, null, false), "ana")
                {
                    Quote = text,
                    Note = text,
                    Source = new SourceNamed(text, text),
                }
            );
            await house.RecordAsync(
                new RecordRequest("repeat-enterprise-adoption", new EvidenceAdded(Stance.Unclear, text, text, "launch", false), "ana")
                {
                    Note = text,
                }
            );
        }
        foreach (var (slug, texts) in new[] { ("borlange-opening", Texts), ("compute-1-gw", Texts.Reverse()) })
        {
            foreach (var text in texts)
            {
                var known = (await house.MilestoneAsync(slug)).Definition;
                await house.RecordAsync(
                    new RecordRequest(
                        slug,
                        new Redefined(
                            known with
                            {
                                Title = text,
                                Name = text,
                                Detail = text,
                                Conflicts = text,
                                CountsWhen = text,
                                Unit = text,
                            }
                        ),
                        "ana"
                    )
                );
                if (text is "two\nlines" or "yes")
                {
                    await RoundTrip.HoldsAsync(cluster, house);
                }
            }
        }
        var tally = (await house.MilestoneAsync("repeat-enterprise-adoption")).Definition;
        var names = Texts.Distinct().ToList();
        await house.RecordAsync(
            new RecordRequest(
                "repeat-enterprise-adoption",
                new Redefined(
                    tally with
                    {
                        Baseline = names,
                        Aliases = names.ToDictionary(n => n, n => n),
                        Relations = names.ToDictionary(n => n, _ => true),
                    }
                ),
                "ana"
            )
        );
        await RoundTrip.HoldsAsync(cluster, house);
    }
}
