namespace MilestoneWatch.Tests.Cli;

/// <summary>What an analyst sees of a milestone.</summary>
public sealed class MilestoneShowTests(PostgresCluster cluster)
{
    [Fact]
    public async Task A_milestone_shows_its_window_its_slips_and_what_is_known_beside_them()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        house.At("2026-10-05T08:00:00Z");
        string[] moved = ["reschedule", "les-ulis-opening", "Q4 2026", "--on", "2 October 2026", "--source", "https://mistral.ai/news"];
        await house.DoneAsync([.. moved, "--note", "Said on the phone.", "--as", "ana"]);
        await house.DoneAsync("forecast", "les-ulis-opening", "--by", "end of Q4 2026=0.6", "--as", "ana");
        await house.DoneAsync("looked", "les-ulis-opening", "--as", "ana");

        var shown = await house.DoneAsync("milestone", "show", "les-ulis-opening");

        Assert.DoesNotContain('\u001b', shown);
        Assert.Contains("┤───", shown, StringComparison.Ordinal);
        Assert.Contains("┘ +92 days", shown, StringComparison.Ordinal);
        Assert.Contains("today, 5 October 2026", shown, StringComparison.Ordinal);
        Assert.Contains(
            "First promise  “Q3 2026”: 1 July to 30 September 2026 · Mistral AI, 28 May 2026,",
            shown,
            StringComparison.Ordinal
        );
        Assert.Contains(
            """
            Moved          “Q4 2026”: 1 October to 31 December 2026 · +92 days · mistral.ai,
                           2 October 2026, https://mistral.ai/news
                           Said on the phone.
            In all         +92 days in one move
            """,
            shown,
            StringComparison.Ordinal
        );
        Assert.Contains("Conflicting    “second half of 2026”", shown, StringComparison.Ordinal);
        Assert.Contains("adopt it: mw reschedule les-ulis-opening --adopt 4", shown, StringComparison.Ordinal);
        Assert.Contains("Forecast       60% by 31 December 2026 (one analyst)", shown, StringComparison.Ordinal);
        Assert.Contains("Last looked    5 October 2026, today", shown, StringComparison.Ordinal);
        Assert.Contains("Next checks    1 December 2026, in 57 days.", shown, StringComparison.Ordinal);
        Assert.All(
            shown.Split('\n').Where(line => !line.Contains("http", StringComparison.Ordinal)),
            line => Assert.InRange(line.Length, 0, 80)
        );
    }

    [Fact]
    public async Task A_tally_a_quantity_and_a_question_show_what_is_theirs()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        string[] renewed = ["evidence", "repeat-enterprise-adoption", "--name", "Stellantis", "--relation", "renewal"];
        await house.DoneAsync([.. renewed, "--stance", "supports", "--note", "Renewed.", "--as", "ana"]);

        var tally = await house.DoneAsync("milestone", "show", "repeat-enterprise-adoption");
        var quantity = await house.DoneAsync("milestone", "show", "compute-200-mw");
        var question = await house.DoneAsync("milestone", "show", "durable-advantage");

        Assert.Contains("Counted        ", tally, StringComparison.Ordinal);
        Assert.Contains("               Stellantis", tally, StringComparison.Ordinal);
        Assert.Contains("Progress       40 of 200 MW (20%) · w.media, 29 May 2026, reported,", quantity, StringComparison.Ordinal);
        Assert.Contains("or until 31 December 2026: the phrase can mean either", quantity, StringComparison.Ordinal);
        Assert.Contains("? open · a question of Mistral AI", question, StringComparison.Ordinal);
        Assert.DoesNotContain("today, ", question, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passed_window_waits_for_the_analyst()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        house.At("2026-10-05T08:00:00Z");

        var shown = await house.DoneAsync("milestone", "show", "les-ulis-opening");

        Assert.Contains("(!) needs a look", shown, StringComparison.Ordinal);
        Assert.Contains("! 5 days past", shown, StringComparison.Ordinal);
        Assert.Contains("Waits for you  The window has closed", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_of_takes_a_day_in_words()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        house.At("2026-10-05T08:00:00Z");
        await house.DoneAsync("reschedule", "les-ulis-opening", "Q4 2026", "--as", "ana");

        var words = await house.JsonAsync("milestone", "show", "les-ulis-opening", "--as-of", "4 October 2026");
        var digits = await house.JsonAsync("milestone", "show", "les-ulis-opening", "--as-of", "2026-10-04");

        Assert.Equal(digits.ToJsonString(), words.ToJsonString());
        Assert.Equal("Q3 2026", words["window"]!["phrase"]!.GetValue<string>());
        await house.RefusedAsync(1, ["neither an instant", "nor a date"], "milestone", "list", "--as-of", "September 2026");
    }

    [Fact]
    public async Task A_forecast_shows_the_aggregate_each_curve_and_once_settled_the_scores()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        string[] forecast = ["forecast", "les-ulis-opening", "--by"];
        await house.DoneAsync([.. forecast, "2026-09-30=0.2", "2026-12-31=0.8", "--as", "ana"]);
        await house.DoneAsync([.. forecast, "2026-09-30=0.4", "--as", "ben"]);
        house.At("2026-10-05T08:00:00Z");

        var json = await house.JsonAsync("milestone", "forecast", "les-ulis-opening");
        var plain = await house.DoneAsync("milestone", "forecast", "les-ulis-opening");
        var earlier = await house.JsonAsync("milestone", "forecast", "les-ulis-opening", "--as-of", "2026-06-04");

        Assert.Equal(2, json["latest"]!["analysts"]!.GetValue<int>());
        Assert.Equal(["ana", "ben"], json["analysts"]!.AsArray().Select(one => one!["analyst"]!.GetValue<string>()));
        var scores = json["scores"]!.AsArray();
        Assert.Equal(2, scores.Count);
        Assert.Equal(0.04, scores[0]!["time_weighted_brier"]!.GetValue<double>(), 12);
        Assert.Equal(Math.Log(0.6), scores[1]!["points"]![0]!["log"]!.GetValue<double>(), 12);
        Assert.Empty(earlier["scores"]!.AsArray());
        Assert.Contains("ana\t2026-12-31\t80%\t2026-06-03T08:00:00Z\n", plain, StringComparison.Ordinal);
        Assert.Contains("ben\t2026-09-30\tno\t40%\t0.160\t-0.511\t0.160\t-0.511\n", plain, StringComparison.Ordinal);
    }
}
