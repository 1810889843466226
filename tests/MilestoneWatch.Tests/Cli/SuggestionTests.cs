namespace MilestoneWatch.Tests.Cli;

/// <summary>What was probably meant, said beside what was refused.</summary>
public sealed class SuggestionTests(PostgresCluster cluster)
{
    [Theory]
    [InlineData("rescheduel x", "Did you mean reschedule?")]
    [InlineData("milestone shwo x", "Did you mean show?")]
    [InlineData("milestone list --jsn", "Did you mean --json?")]
    [InlineData("looked x --nte hello", "Did you mean --note?")]
    public async Task A_mistyped_verb_or_option_names_the_one_that_was_meant(string line, string meant)
    {
        using var house = CliHouse.Over("Host=nowhere.invalid");

        var result = await house.RunAsync(line.Split(' '));

        Assert.Equal((2, ""), (result.Exit, result.Out));
        Assert.Contains(meant, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_near_to_nothing_is_not_guessed_at()
    {
        using var house = CliHouse.Over("Host=nowhere.invalid");

        Assert.DoesNotContain("mean", (await house.RunAsync("xylophone")).Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_mistyped_name_or_slug_names_the_one_that_was_meant()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        await house.DoneAsync("user", "add", "anabel", "--no-mail");

        await house.RefusedAsync(1, ["did you mean \"anabel\"?"], "user", "nudge", "annabel");
        await house.RefusedAsync(1, ["did you mean \"mistral-ai\"?"], "export", "--subject", "mistal-ai");
        string[] added = ["milestone", "add", "x", "--title", "X", "--as", "ana"];
        await house.RefusedAsync(1, ["did you mean \"mistral-ai\"?"], [.. added, "--subject", "mistral"]);
        await house.RefusedAsync(1, ["did you mean \"les-ulis-opening\"?"], "looked", "les-ulis-openning", "--as", "ana");
    }
}
