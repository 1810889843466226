using System.Text.Json.Nodes;

namespace MilestoneWatch.Tests.Cli;

/// <summary>What scripts rely on: verbs, keys, streams and exit codes.</summary>
public sealed class ContractTests(PostgresCluster cluster)
{
    private static readonly string[] WindowKeys =
    [
        "phrase",
        "earliest",
        "latest",
        "precision",
        "edtf",
        "approximate",
        "ambiguous",
        "alternative",
    ];

    [Theory]
    [InlineData("demo")]
    [InlineData("serve")]
    [InlineData("migrate")]
    [InlineData("run-once")]
    [InlineData("check")]
    [InlineData("digest")]
    [InlineData("deliver")]
    [InlineData("import")]
    [InlineData("export")]
    [InlineData("milestone list")]
    [InlineData("milestone show")]
    [InlineData("milestone history")]
    [InlineData("status")]
    [InlineData("reschedule")]
    [InlineData("retract")]
    [InlineData("window parse")]
    [InlineData("subscriber add")]
    [InlineData("subscriber list")]
    [InlineData("subscriber why")]
    [InlineData("digest preview")]
    [InlineData("ledger verify")]
    [InlineData("doctor")]
    [InlineData("user add")]
    [InlineData("user list")]
    [InlineData("user link")]
    [InlineData("user sign-out")]
    [InlineData("user remove")]
    [InlineData("token add")]
    [InlineData("token list")]
    [InlineData("token revoke")]
    public async Task Every_verb_explains_itself_and_takes_json(string verb)
    {
        using var house = CliHouse.Over("Host=nowhere.invalid");

        var help = await house.RunAsync([.. verb.Split(' '), "--help"]);

        Assert.Equal((0, ""), (help.Exit, help.Error));
        Assert.Contains($"mw {verb}", help.Out, StringComparison.Ordinal);
        Assert.Contains("--json", help.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', help.Out);
    }

    [Theory]
    [InlineData("nope", "nope")]
    [InlineData("milestone list --nope", "--nope")]
    [InlineData("milestone show", "SLUG")]
    [InlineData("status some-slug finished", "finished")]
    [InlineData("retract seven --reason x", "seven")]
    [InlineData("window parse", "PHRASE")]
    [InlineData("digest preview a@example.org --text --html", "--html")]
    public async Task What_cannot_be_read_is_a_usage_error(string line, string named)
    {
        using var house = CliHouse.Over("Host=nowhere.invalid");

        var result = await house.RunAsync([.. line.Split(' '), "--json"]);

        Assert.Equal((2, ""), (result.Exit, result.Out));
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.Contains("--help", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Window_parse_prints_a_line_for_each_phrase_in_order_with_every_key()
    {
        using var house = CliHouse.Over("Host=nowhere.invalid");

        var result = await house.RunWithInputAsync("Q3 2026\nQ5 2026\nby 2027\nTBD\n", "window", "parse", "2027", "--file", "-", "--json");

        var lines = result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        Assert.Equal(["2027", "Q3 2026", "Q5 2026", "by 2027", "TBD"], lines.Select(line => line["phrase"]!.GetValue<string>()));
        Assert.All(lines, line => Assert.Equal([.. WindowKeys, "error"], line.Select(pair => pair.Key)));
        Assert.Equal(1, result.Exit);
        Assert.Equal("2026-07-01", lines[1]["earliest"]!.GetValue<string>());
        Assert.Null(lines[1]["error"]);
        Assert.NotNull(lines[2]["error"]);
        Assert.Null(lines[2]["earliest"]);
        Assert.NotNull(lines[3]["alternative"]);
        Assert.Null(lines[4]["latest"]);
    }

    [Fact]
    public async Task Showing_a_milestone_gives_every_key_and_its_history()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        await house.DoneAsync("reschedule", "les-ulis-opening", "Q4 2026", "--as", "ana");

        var shown = (await house.JsonAsync("milestone", "show", "les-ulis-opening")).AsObject();
        var history = (await house.JsonAsync("milestone", "history", "les-ulis-opening")).AsArray();

        Assert.Subset(
            shown.Select(pair => pair.Key).ToHashSet(),
            (HashSet<string>)
                [
                    "slug",
                    "title",
                    "subject",
                    "kind",
                    "status",
                    "counts_when",
                    "revision",
                    "position",
                    "zone",
                    "window",
                    "target",
                    "unit",
                    "progress",
                    "tally",
                    "threshold",
                    "forecast",
                    "last_looked",
                    "attention",
                    "history",
                ]
        );
        Assert.Equal(WindowKeys, shown["window"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(history.ToJsonString(), shown["history"]!.ToJsonString());
        Assert.All(
            history,
            entry =>
                Assert.Subset(
                    entry!.AsObject().Select(pair => pair.Key).ToHashSet(),
                    (HashSet<string>)["position", "kind", "recorded_at", "happened_on", "actor", "note", "source", "body", "retracted_by"]
                )
        );
        Assert.Equal("ana", history[^1]!["actor"]!.GetValue<string>());
    }

    [Fact]
    public async Task Piped_output_has_no_colour_and_only_json_when_asked()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        await house.DoneAsync("subscriber", "add", "a@example.org", "--confirmed");

        foreach (
            var line in (string[])
                [
                    "milestone list",
                    "milestone show compute-200-mw",
                    "milestone history compute-200-mw",
                    "subscriber list",
                    "subscriber why a@example.org",
                    "digest preview a@example.org",
                    "run-once --until-idle",
                    "ledger verify",
                    "migrate",
                    "doctor",
                ]
        )
        {
            var plain = await house.RunAsync(line.Split(' '));
            var json = await house.RunAsync([.. line.Split(' '), "--json"]);

            Assert.Equal((0, 0), (plain.Exit, json.Exit));
            Assert.DoesNotContain('\u001b', plain.Out + plain.Error);
            Assert.NotNull(JsonNode.Parse(json.Out));
            Assert.Equal("", json.Error);
        }
    }
}
