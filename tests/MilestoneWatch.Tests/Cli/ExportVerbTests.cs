using System.Text.Json.Nodes;

namespace MilestoneWatch.Tests.Cli;

public sealed class ExportVerbTests(PostgresCluster cluster)
{
    [Fact]
    public async Task What_is_exported_can_be_edited_tried_and_imported()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        var yaml = await house.DoneAsync("export");
        await house.DoneAsync("export", "a.yaml");
        var file = Path.Combine(house.Folder, "a.yaml");
        Assert.Equal(yaml, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        await house.RefusedAsync(1, ["a.yaml", "--force"], "export", "a.yaml");

        await File.WriteAllTextAsync(file, yaml.Replace("phrase: Q3 2026", "phrase: Q4 2026"), TestContext.Current.CancellationToken);
        var head = await house.HeadAsync();
        var tried = await house.JsonAsync("import", "a.yaml", "--dry-run");
        Assert.Equal(head, await house.HeadAsync());
        Assert.Equal(
            """[{"milestone":"les-ulis-opening","kind":"rescheduled","says":"moved to \u0022Q4 2026\u0022"}]""",
            JsonNode.Parse(tried["changes"]!.ToJsonString())!.AsArray() is [var only, ..] ? $"[{only!.ToJsonString()}]" : ""
        );
        Assert.StartsWith("les-ulis-opening  moved to \"Q4 2026\"\n", await house.DoneAsync("import", "a.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_facts_as_json_can_be_imported_too()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        using var other = await CliHouse.OpenAsync(cluster, founded: false);
        await File.WriteAllTextAsync(
            Path.Combine(other.Folder, "a.json"),
            await house.DoneAsync("export", "--json"),
            TestContext.Current.CancellationToken
        );
        await other.DoneAsync("import", "a.json");
        Assert.Equal(await house.DoneAsync("export"), await other.DoneAsync("export"));
        await other.RefusedAsync(1, ["nobody", "mistral-ai"], "export", "--subject", "nobody");
    }

    [Fact]
    public async Task The_schema_is_printed_without_a_database()
    {
        using var house = CliHouse.Over("Host=nowhere.invalid");
        Assert.Equal("MilestoneWatch watchlist", JsonNode.Parse(await house.DoneAsync("export", "--schema"))!["title"]!.GetValue<string>());
    }
}
