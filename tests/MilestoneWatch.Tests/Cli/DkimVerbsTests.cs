using System.Text.Json.Nodes;
using MilestoneWatch.Tests.Mail;

namespace MilestoneWatch.Tests.Cli;

public sealed class DkimVerbsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mw-dkim-cli-").FullName;
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal)
    {
        ["MW_Mail__From"] = "watch@example.org",
        ["MW_Home"] = "home",
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("v=DKIM1; k=rsa; p=")]
    [InlineData("v=DKIM1; k=ed25519; p=", "--ed25519")]
    public async Task A_key_is_made_for_its_owner_only_and_never_overwritten(string record, params string[] kind)
    {
        string[] generate = ["dkim", "generate", "--out", "key.pem", "--selector", "mw2026", .. kind];
        var made = await RunAsync(generate);
        var key = await File.ReadAllTextAsync(Path.Combine(_folder, "key.pem"), TestContext.Current.CancellationToken);
        var again = await RunAsync(generate);

        Assert.Equal((0, 1), (made.Exit, again.Exit));
        Assert.Contains($"mw2026._domainkey.example.org. TXT \"{record}", made.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", made.Out, StringComparison.Ordinal);
        Assert.Contains("never overwritten", again.Error, StringComparison.Ordinal);
        Assert.Equal(key, await File.ReadAllTextAsync(Path.Combine(_folder, "key.pem"), TestContext.Current.CancellationToken));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "key.pem")));
        }
    }

    [Fact]
    public async Task Records_are_printed_for_each_key_in_strings_that_DNS_takes()
    {
        using var keys = new DkimKeys();
        var none = await RunAsync("dkim", "record");
        Configure(0, keys.Rsa());
        Configure(1, keys.Edwards());

        var text = await RunAsync("dkim", "record");
        var json = JsonNode.Parse((await RunAsync("dkim", "record", "--json")).Out)!.AsArray();

        Assert.Equal((1, 0), (none.Exit, text.Exit));
        Assert.Equal(2, text.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(text.Out.Split('"').Where((_, at) => at % 2 == 1), part => Assert.InRange(part.Length, 1, 255));
        Assert.Equal(keys.Published, json.ToDictionary(one => (string)one!["name"]!, one => (string)one!["value"]!));
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("deliver")]
    [InlineData("dkim", "record")]
    public async Task A_key_file_that_is_not_one_stops_the_start_with_one_clear_line(params string[] verb)
    {
        using var keys = new DkimKeys();
        _environment["MW_Dkim__Keys__0__File"] = keys.File("k.pem", "no key");
        _environment["MW_Dkim__Keys__0__Selector"] = "s";

        var refused = await RunAsync(verb);

        Assert.Equal((2, ""), (refused.Exit, refused.Out));
        var line = Assert.Single(refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("MW_Dkim__Keys__0__File", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_says_how_mails_are_signed()
    {
        using var keys = new DkimKeys();
        var unsigned = await RunAsync("doctor");
        var key = keys.Rsa();
        Configure(0, key);

        var signed = await RunAsync("doctor");

        Assert.Contains("mails go unsigned: `mw dkim generate`", unsigned.Out, StringComparison.Ordinal);
        Assert.Contains($"DKIM, for example.org, selector {key.Selector}", signed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_setting_stops_the_start()
    {
        _environment["MW_Dkim__KeyFile"] = "key.pem";

        var refused = await RunAsync("deliver");

        Assert.Equal(2, refused.Exit);
        Assert.Contains("KeyFile", refused.Error, StringComparison.Ordinal);
    }

    private void Configure(int at, MilestoneWatch.Mail.DkimKeyOptions key)
    {
        _environment[$"MW_Dkim__Keys__{at}__File"] = key.File;
        _environment[$"MW_Dkim__Keys__{at}__Selector"] = key.Selector;
    }

    private Task<MwResult> RunAsync(params string[] arguments) => MwProcess.RunAsync(_folder, _environment, input: null, arguments);
}
