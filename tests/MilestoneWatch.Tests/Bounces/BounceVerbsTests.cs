using System.Text.Json.Nodes;
using MilestoneWatch.Tests.Cli;

namespace MilestoneWatch.Tests.Bounces;

public sealed class BounceVerbsTests(PostgresCluster cluster)
{
    [Fact]
    public async Task Classify_says_a_line_each_and_needs_no_database()
    {
        using var house = CliHouse.Over("Host=127.0.0.1;Port=1;Database=none");
        await WriteAsync(house, "one.eml", "postfix-user-unknown");
        await WriteAsync(house, "two.eml", "vacation-sieve");

        var result = await house.RunAsync("bounce", "classify", "one.eml", "two.eml", "--json");

        Assert.Equal(0, result.Exit);
        var lines = result.Out.TrimEnd().Split('\n').Select(line => (JsonObject)JsonNode.Parse(line)!).ToList();
        Assert.All(lines, line => Assert.Equal(["file", "kind", "recipient", "status", "diagnostic"], line.Select(pair => pair.Key)));
        Assert.Equal(("one.eml", "hard", "lea@example.net", "5.1.1"), Row(lines[0]));
        Assert.Equal(("two.eml", "none", null, null), Row(lines[1]));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_named_and_the_others_are_read()
    {
        using var house = CliHouse.Over("Host=127.0.0.1;Port=1;Database=none");
        await WriteAsync(house, "one.eml", "postfix-user-unknown");

        var result = await house.RunAsync("bounce", "classify", "missing.eml", ".", "one.eml", "--json");

        Assert.Equal(1, result.Exit);
        Assert.Contains("missing.eml cannot be read", result.Error, StringComparison.Ordinal);
        Assert.Equal("hard", (string?)JsonNode.Parse(Assert.Single(result.Out.TrimEnd().Split('\n')))!["kind"]);
    }

    [Fact]
    public async Task Standard_input_is_read_as_a_file()
    {
        using var house = CliHouse.Over("Host=127.0.0.1;Port=1;Database=none");
        var mail = System.Text.Encoding.UTF8.GetString(Sample.All.Single(one => one.Name == "qmail-no-mailbox").Bytes);

        var result = await house.RunWithInputAsync(mail, "bounce", "classify", "-", "--json");

        Assert.Equal("hard", (string?)JsonNode.Parse(result.Out)!["kind"]);
    }

    [Fact]
    public async Task An_address_is_suppressed_shown_and_written_to_again_by_hand()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        await house.DoneAsync("subscriber", "add", "ada@example.org", "--confirmed");

        await house.DoneAsync("suppression", "add", "Ada@Example.org", "--reason", "asked by phone");
        Assert.Equal("manual", (string?)(await house.JsonAsync("subscriber", "show", "ada@example.org"))["suppressed"]);
        Assert.Contains("asked by phone", await house.DoneAsync("subscriber", "show", "ada@example.org"), StringComparison.Ordinal);
        Assert.Contains("suppressed (manual)", await house.DoneAsync("subscriber", "list"), StringComparison.Ordinal);
        Assert.Contains("asked by phone", (await house.RunAsync("subscriber", "why", "ada@example.org")).Error, StringComparison.Ordinal);
        await house.RefusedAsync(1, ["already", "asked by phone"], "suppression", "add", "ada@example.org", "--reason", "again");

        await house.DoneAsync("suppression", "remove", "ada@example.org", "--reason", "asked again");
        Assert.Empty((JsonArray)await house.JsonAsync("suppression", "list"));
        Assert.Equal("asked again", (string?)(await house.JsonAsync("suppression", "show", "ada@example.org"))[0]!["lifted_because"]);
        Assert.Single((JsonArray)await house.JsonAsync("suppression", "list", "--all"));
        await house.RefusedAsync(1, ["not suppressed"], "suppression", "remove", "ada@example.org", "--reason", "again");
        await house.RefusedAsync(1, ["no address"], "suppression", "add", "nobody", "--reason", "x");
        await house.RefusedAsync(2, ["--reason"], "suppression", "add", "ada@example.org");
    }

    [Fact]
    public async Task A_mailbox_that_does_not_answer_shows_in_the_doctors_findings()
    {
        using var house = await CliHouse.OpenAsync(cluster, founded: false);
        await house.RefusedAsync(1, ["MW_Bounces__Host"], "bounce", "read");
        house.Environment["MW_Bounces__Host"] = "127.0.0.1";
        house.Environment["MW_Bounces__Port"] = "1";
        house.Environment["MW_Bounces__Security"] = "none";
        house.Environment["MW_Bounces__User"] = "bounces";
        house.Environment["MW_Bounces__Password"] = "canary-secret";

        var read = await house.RunAsync("bounce", "read");
        var doctor = await house.RunAsync("doctor");

        Assert.Equal((3, 1), (read.Exit, doctor.Exit));
        Assert.Contains("127.0.0.1:1 does not answer", read.Error, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1 does not answer", doctor.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-secret", $"{read}{doctor}", StringComparison.Ordinal);
    }

    private static (string?, string?, string?, string?) Row(JsonObject line) =>
        ((string?)line["file"], (string?)line["kind"], (string?)line["recipient"], (string?)line["status"]);

    private static Task WriteAsync(CliHouse house, string file, string sample) =>
        File.WriteAllBytesAsync(
            Path.Combine(house.Folder, file),
            Sample.All.Single(one => one.Name == sample).Bytes,
            TestContext.Current.CancellationToken
        );
}
