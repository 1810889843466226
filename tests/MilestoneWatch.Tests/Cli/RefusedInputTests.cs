using System.Globalization;

namespace MilestoneWatch.Tests.Cli;

/// <summary>What an analyst may type wrong in a change: one clear message, exit 1, nothing recorded.</summary>
public sealed class RefusedInputTests(PostgresCluster cluster)
{
    private const string Site = "les-ulis-opening";
    private const string Power = "compute-200-mw";

    [Fact]
    public async Task Days_that_are_none_or_have_not_come_are_refused()
    {
        using var house = await CliHouse.OpenAsync(cluster);

        foreach (var day in (string[])["1582-12-31", "9999-01-01", "0000-00-00", "2026-02-30"])
        {
            await house.RefusedAsync(1, ["--on", day, "1583 to 9998"], "status", Site, "delayed", "--on", day);
        }
        foreach (var phrase in (string[])["1582", "9999", "31 December 9999", "by 1500"])
        {
            await house.RefusedAsync(1, [phrase], "reschedule", Site, phrase);
        }
        await house.RefusedAsync(1, ["9999"], "forecast", Site, "--by", "9999-01-01=0.5");
        await house.RefusedAsync(1, ["1582"], "forecast", Site, "--by", "1582-01-01=0.5");
        string[] early = ["--on", "2030-01-01"];
        string[] says = ["2030-01-01 has not come yet in Europe/Paris"];
        await house.RefusedAsync(1, says, ["status", Site, "achieved", "--override", "seen", .. early]);
        await house.RefusedAsync(1, says, ["status", Site, "missed", "--override", "seen", .. early]);
        await house.RefusedAsync(1, says, ["progress", Power, "40", .. early]);
        await house.RefusedAsync(1, says, ["looked", Site, .. early]);
        await house.RefusedAsync(1, ["2030-01-01 has not come yet in UTC"], ["status", "durable-advantage", "answered", .. early]);
    }

    [Fact]
    public async Task Numbers_that_are_none_are_refused()
    {
        using var house = await CliHouse.OpenAsync(cluster);

        foreach (var value in (string[])["NaN", "Infinity", "1e3", "1,5", "1000000000000000", ""])
        {
            await house.RefusedAsync(1, ["VALUE", "10^15"], "progress", Power, value);
        }
        await house.RefusedAsync(1, ["VALUE \"-5\"", "from 0"], "progress", Power, "--", "-5");
        await house.RefusedAsync(1, ["event"], "progress", Site, "5");
        await house.RefusedAsync(1, ["0.0005", "0.001 to 0.999"], "forecast", Site, "--by", "2026-12-31=0.0005");
        await house.RefusedAsync(1, ["0.001 to 0.999"], "forecast", Site, "--by", "2026-12-31=1");
        await house.RefusedAsync(1, ["40%", "0.4"], "forecast", Site, "--by", "2026-12-31=40");
        await house.RefusedAsync(1, ["NaN", "2026-12-31=0.4"], "forecast", Site, "--by", "2026-12-31=NaN");
        await house.RefusedAsync(1, ["never falls"], "forecast", Site, "--by", "2026-12-31=0.5", "--by", "2027-06-30=0.4");
        await house.RefusedAsync(1, ["twice"], "forecast", Site, "--by", "2026-12-31=0.5", "--by", "31 December 2026=0.6");
    }

    [Fact]
    public async Task Zones_and_revisions_that_are_not_there_are_refused()
    {
        using var house = await CliHouse.OpenAsync(cluster);

        await house.RefusedAsync(1, ["Mars/Olympus", "IANA"], "milestone", "add", "site", "--title", "It opens", "--zone", "Mars/Olympus");
        await house.RefusedAsync(1, ["Mars/Olympus", "IANA"], "user", "add", "ana", "--email", "a@example.org", "--zone", "Mars/Olympus");
        await house.DoneAsync("looked", Site);
        await house.RefusedAsync(1, ["stale revision: you saw 0, it is now", "look again"], "looked", Site, "--revision", "0");
        await house.RefusedAsync(1, ["stale revision: you saw -1"], "looked", Site, "--revision", "-1");
    }

    [Fact]
    public async Task Words_that_are_too_long_or_hidden_are_refused()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        foreach (var option in (string[])["--note", "--quote", "--source", "--as", "--override"])
        {
            string[] verb = ["status", Site, "achieved", option];
            await house.RefusedAsync(1, [option, "4,000", "4001"], [.. verb, new string('x', 4001)]);
            await house.RefusedAsync(1, [option, "writing direction"], [.. verb, "a\u202eb"]);
        }
        await house.RefusedAsync(1, ["--reason", "4001"], "reopen", Site, "--reason", new string('x', 4001));
    }

    [Fact]
    public async Task A_file_with_such_words_names_line_and_key()
    {
        using var house = await CliHouse.OpenAsync(cluster, founded: false);
        var bad = new (string Line, string[] Says)[]
        {
            ($"note: {new string('x', 4001)}", ["bad.yaml:11", "note", "4000 at most"]),
            ("note: \"a\\0b\"", ["bad.yaml:11", "NUL"]),
            ("note: \"a\\uD800b\"", ["bad.yaml:11"]),
            ("note: \"a\\u202Eb\"", ["bad.yaml:11", "direction"]),
            ("note: a\u202Eb", ["bad.yaml:11", "direction"]),
            ("note: a\0b", ["bad.yaml:11", "NUL"]),
            ("value: -5", ["bad.yaml:11", "value", "from 0"]),
            ("value: NaN", ["bad.yaml:11", "value", "from 0"]),
            ("value: .nan", ["bad.yaml:11", "value", "from 0"]),
            ("on: 1582-01-01", ["bad.yaml:11", "on", "1582-01-01"]),
            ("on: 9999-01-01", ["bad.yaml:11", "on", "9999-01-01"]),
        };
        foreach (var (line, says) in bad)
        {
            await WriteAsync(house, "Europe/Paris", line);
            await house.RefusedAsync(1, says, "import", "bad.yaml");
        }
        await WriteAsync(house, "Mars/Olympus", "note: fine");
        await house.RefusedAsync(1, ["bad.yaml:", "zone", "Mars/Olympus"], "import", "bad.yaml");
        await WriteAsync(house, "Europe/Paris", "note: " + new string('x', 10 << 20));
        await house.RefusedAsync(1, ["bad.yaml", "1048576 at most"], "import", "bad.yaml");
        await WriteAsync(house, "Europe/Paris", "note: fine");
        await house.DoneAsync("import", "bad.yaml");
    }

    [Theory]
    [InlineData("2 October")]
    [InlineData("Friday 2 October")]
    [InlineData("tomorrow")]
    [InlineData("October 2025")]
    [InlineData("around 2 October 2025")]
    public async Task A_day_that_something_happened_has_its_year(string day)
    {
        using var house = await CliHouse.OpenAsync(cluster);

        await house.RefusedAsync(1, ["no day", day], "looked", Site, "--on", day);
    }

    [Fact]
    public async Task A_reading_that_disagrees_is_adopted_with_its_words_and_source()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        await house.DoneAsync(
            "reading",
            Site,
            "Q1 2027",
            "--conflicts",
            "--means",
            "full operation",
            "--source",
            "Example Wire",
            "--quote",
            "full operation in Q1 2027",
            "--on",
            "2026-06-01"
        );
        var before = await house.JsonAsync("milestone", "show", Site);
        var position = before["history"]!.AsArray()[^1]!["position"]!.GetValue<long>().ToString(CultureInfo.InvariantCulture);
        Assert.Equal("Q3 2026", (string?)before["window"]!["phrase"]);

        await house.RefusedAsync(1, ["entry 1", position, "Q1 2027"], "reschedule", Site, "--adopt", "1");
        await house.DoneAsync("reschedule", Site, "--adopt", position);

        var after = await house.JsonAsync("milestone", "show", Site);
        var moved = after["history"]!.AsArray()[^1]!;
        Assert.Equal("Q1 2027", (string?)after["window"]!["phrase"]);
        Assert.Equal("Example Wire", (string?)moved["source"]!["publisher"]);
        Assert.Equal("2026-06-01", (string?)moved["happened_on"]);
        Assert.Contains("+182 days in one move", await house.DoneAsync("milestone", "show", Site), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_withdrawn_or_overridden_is_shown_as_such()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        await house.RefusedAsync(1, ["evidence", "with an override"], "status", Site, "achieved");
        Assert.Contains(
            "I was there",
            await house.DoneAsync("status", Site, "achieved", "--override", "I was there"),
            StringComparison.Ordinal
        );
        var history = await house.JsonAsync("milestone", "history", Site);
        var position = history.AsArray()[^1]!["position"]!.GetValue<long>().ToString(CultureInfo.InvariantCulture);
        await house.DoneAsync("retract", position, "--reason", "It was another site");

        var shown = await house.DoneAsync("milestone", "history", Site);

        Assert.Contains("(retracted) status achieved", shown, StringComparison.Ordinal);
        Assert.Contains($"retracts {position}: It was another site", shown, StringComparison.Ordinal);
        await house.RefusedAsync(2, ["--reason"], "reopen", Site);
        await house.DoneAsync("looked", Site);
    }

    private static Task WriteAsync(CliHouse house, string zone, string line) =>
        File.WriteAllTextAsync(
            Path.Combine(house.Folder, "bad.yaml"),
            $$"""
            subject: {slug: acme, name: Acme}
            as_of: 2026-05-28
            sources:
              wire: {publisher: Example Wire}
            milestones:
              - {slug: power, title: 200 MW, kind: quantity, target: 200, unit: MW, direction: at_least, counts_when: it runs, zone: {{zone}},
                 progress: [
                   {
                     source: wire, {{(line.StartsWith("on:", StringComparison.Ordinal) ? "" : "on: 2026-05-28,")}}
                     {{(line.StartsWith("value:", StringComparison.Ordinal) ? "" : "value: 5,")}}
                     {{line}}
                   }]}
            """,
            TestContext.Current.CancellationToken
        );
}
