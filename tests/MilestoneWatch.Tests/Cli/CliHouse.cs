using System.Text.Json.Nodes;
using Dapper;
using MimeKit;
using Npgsql;

namespace MilestoneWatch.Tests.Cli;

/// <summary>A database of its own, a working folder and a mail folder, all worked on through `mw` alone.</summary>
internal sealed class CliHouse : IDisposable
{
    private CliHouse(string owner, string application)
    {
        Owner = owner;
        Environment = new(StringComparer.Ordinal)
        {
            ["MW_ConnectionStrings__MilestoneWatch"] = application,
            ["MW_Environment"] = "Test",
            ["MW_Mail__Pickup"] = MailFolder,
            ["MW_NOW"] = "2026-06-03T08:00:00Z",
        };
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("mw-cli-").FullName;
    public string MailFolder => Path.Combine(Folder, "mail");
    public string Owner { get; }

    /// <summary>What every run is given; tests change it as they go.</summary>
    public Dictionary<string, string> Environment { get; }

    /// <summary>The founding watchlist's file, as the executable carries it.</summary>
    public const string Founding = "mistral.yaml";

    public static async Task<CliHouse> OpenAsync(PostgresCluster cluster, bool founded = true)
    {
        var (owner, application) = await cluster.CloneAsync();
        var house = new CliHouse(owner, application);
        if (founded)
        {
            await File.WriteAllTextAsync(
                Path.Combine(house.Folder, Founding),
                Record.Watchlists.Founding.Yaml,
                TestContext.Current.CancellationToken
            );
            await house.DoneAsync("import", Founding);
        }
        return house;
    }

    /// <summary>A house over any connection string.</summary>
    public static CliHouse Over(string connectionString) => new(connectionString, connectionString);

    public void At(string now) => Environment["MW_NOW"] = now;

    public Task<MwResult> RunAsync(params string[] arguments) => MwProcess.RunAsync(Folder, Environment, input: null, arguments);

    public Task<MwResult> RunWithInputAsync(string input, params string[] arguments) =>
        MwProcess.RunAsync(Folder, Environment, input, arguments);

    public MwProcess Start(params string[] arguments) => MwProcess.Start(Folder, Environment, arguments);

    /// <summary>Runs what must succeed, and returns what it printed.</summary>
    public async Task<string> DoneAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.Exit == 0, $"{string.Join(' ', arguments)}: {result}");
        return result.Out;
    }

    public async Task<JsonNode> JsonAsync(params string[] arguments) => JsonNode.Parse(await DoneAsync([.. arguments, "--json"]))!;

    /// <summary>Runs what must fail: the code, one clear message with these words in it, nothing on stdout, nothing recorded.</summary>
    public async Task RefusedAsync(int exit, string[] words, params string[] arguments)
    {
        var before = await HeadAsync();
        var result = await RunAsync(arguments);
        Assert.True(result.Exit == exit, $"{string.Join(' ', arguments)}: {result}");
        Assert.All(words, word => Assert.Contains(word, result.Error, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.Equal("", result.Out);
        Assert.Equal(before, await HeadAsync());
    }

    public async Task<string> HeadAsync() =>
        await ScalarAsync<string>(
            "select concat_ws('/', (select max(position) from entries), (select count(*) from subscribers), (select count(*) from deliveries))"
        ) ?? "";

    /// <summary>One value, read as the schema's owner.</summary>
    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(Owner);
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    /// <summary>The mails in the folder to one reader, oldest first.</summary>
    public IReadOnlyList<MimeMessage> MailsTo(string reader) => MailsIn(MailFolder, reader);

    public static IReadOnlyList<MimeMessage> MailsIn(string folder, string reader) =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .GetFiles(folder, "*.eml")
                    .Where(file => Path.GetFileName(file).Contains(reader, StringComparison.Ordinal))
                    .Order(StringComparer.Ordinal)
                    .Select(file => MimeMessage.Load(file)),
            ]
            : [];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
