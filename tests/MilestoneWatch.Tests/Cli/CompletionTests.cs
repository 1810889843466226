using System.Diagnostics;
using MilestoneWatch.Hosting.Embedded;

namespace MilestoneWatch.Tests.Cli;

/// <summary>What a shell offers when Tab is pressed.</summary>
public sealed class CompletionTests(PostgresCluster cluster)
{
    [Theory]
    [InlineData("mw resch", "reschedule")]
    [InlineData("mw milestone fo", "forecast")]
    [InlineData("mw status les-ulis-opening ach", "achieved")]
    [InlineData("mw looked les-ulis-opening --standing cl", "claimed")]
    [InlineData("mw looked les-ulis-opening --not", "--note")]
    [InlineData("mw milestone show les", "les-ulis-opening")]
    [InlineData("mw completion b", "bash")]
    public async Task Bash_completes_verbs_options_values_and_slugs(string typed, string offered)
    {
        using var house = await CliHouse.OpenAsync(cluster);

        Assert.Equal(offered, await BashAsync(house, typed));
    }

    [Fact]
    public async Task An_argument_is_offered_what_it_takes_and_options_only_after_a_dash()
    {
        using var house = await CliHouse.OpenAsync(cluster);

        var offered = (await BashAsync(house, "mw milestone show ")).Split('\n');

        Assert.Contains("compute-200-mw", offered);
        Assert.DoesNotContain(offered, word => word.StartsWith('-'));
        Assert.Equal("", await BashAsync(house, "mw import "));
    }

    [Theory]
    [InlineData("Host=nowhere.invalid;Database=none")]
    [InlineData("Host=127.0.0.1;Port=1;Database=none")]
    [InlineData("this is no connection string")]
    public async Task Without_a_database_nothing_is_offered_and_nothing_is_said(string connectionString)
    {
        using var house = CliHouse.Over(connectionString);

        var result = await house.RunAsync("[suggest:21]", "mw milestone show les");

        Assert.Equal((0, "", ""), (result.Exit, result.Out.Trim(), result.Error));
    }

    [Fact]
    public async Task No_database_is_started_for_a_completion()
    {
        using var house = CliHouse.Over("");
        house.Environment.Remove("MW_ConnectionStrings__MilestoneWatch");
        house.Environment["MW_Home"] = Path.Combine(house.Folder, "home");

        var result = await house.RunAsync("[suggest:21]", "mw milestone show les");

        Assert.Equal((0, "", ""), (result.Exit, result.Out.Trim(), result.Error));
        Assert.False(Directory.Exists(house.Environment["MW_Home"]));
        Assert.Null(await EmbeddedPostgres.FindRunningAsync(house.Environment["MW_Home"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Help_does_not_ask_the_database()
    {
        using var house = await CliHouse.OpenAsync(cluster);

        Assert.DoesNotContain("compute-200-mw", await house.DoneAsync("looked", "--help"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "bash", "-n")]
    [InlineData("zsh", "zsh", "-n")]
    [InlineData("fish", "fish", "--no-execute")]
    public async Task Each_script_reads_well_in_its_shell_where_that_is_installed(string shell, string program, string check)
    {
        using var house = CliHouse.Over("Host=nowhere.invalid");
        var script = await house.DoneAsync("completion", shell);
        Assert.Contains("[suggest:", script, StringComparison.Ordinal);
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(path.Any(folder => File.Exists(Path.Combine(folder, program))), $"{program} is not installed");

        var file = Path.Combine(house.Folder, "script");
        await File.WriteAllTextAsync(file, script, TestContext.Current.CancellationToken);
        using var run = Process.Start(
            new ProcessStartInfo(program, [check, file]) { RedirectStandardError = true, UseShellExecute = false }
        )!;
        Assert.Equal("", await run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, run.ExitCode);
    }

    /// <summary>What a real bash offers for the last word typed, a line each.</summary>
    private static async Task<string> BashAsync(CliHouse house, string typed)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "bash is not installed");
        const string script = """
            mw() { dotnet "$MW_DLL" "$@"; }
            source <(mw completion bash)
            COMP_LINE=$TYPED COMP_POINT=${#TYPED}
            _mw mw "${TYPED##* }"
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        var start = new ProcessStartInfo("/bin/bash", ["--norc", "-c", script])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = house.Folder,
        };
        foreach (var (key, value) in house.Environment)
        {
            start.Environment[key] = value;
        }
        start.Environment["MW_DLL"] = Path.Combine(AppContext.BaseDirectory, "mw.dll");
        start.Environment["TYPED"] = typed;
        using var bash = Process.Start(start)!;
        var errors = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var offered = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await errors);
        return offered.TrimEnd('\n');
    }
}
