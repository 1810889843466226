namespace MilestoneWatch.Tests.Cli;

/// <summary>The main job by hand: promises in, changes recorded, mails out, days stepped by MW_NOW.</summary>
public sealed class MainPathTests(PostgresCluster cluster)
{
    [Fact]
    public async Task A_move_and_a_status_reach_weekly_daily_and_immediate_readers_and_a_mistake_is_corrected()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        foreach (var cadence in (string[])["weekly", "daily", "immediate"])
        {
            await house.DoneAsync(
                "subscriber",
                "add",
                $"{cadence}@example.org",
                "--cadence",
                cadence,
                "--zone",
                "Europe/Paris",
                "--confirmed",
                "--no-welcome"
            );
        }
        var before = await house.DoneAsync("milestone", "show", "les-ulis-opening", "--as-of", "2026-06-03");

        // Thursday morning: nothing has changed; then the move, with its status, source and quote
        house.At("2026-06-04T06:00:00Z");
        await house.DoneAsync("run-once", "--until-idle");
        house.At("2026-06-04T10:00:00Z");
        await house.DoneAsync(
            "reschedule",
            "les-ulis-opening",
            "Q4 2026",
            "--status",
            "delayed",
            "--note",
            "Said at the partner day",
            "--source",
            "https://mistral.ai/news/les-ulis",
            "--quote",
            "We will open in Q4 2026.",
            "--standing",
            "claimed",
            "--as",
            "ana"
        );
        Assert.Equal("nothing new", (await house.DoneAsync("import", CliHouse.Founding))[..11].ToLowerInvariant());
        var shown = await house.JsonAsync("milestone", "show", "les-ulis-opening");
        Assert.Equal("delayed", (string?)shown["status"]);
        Assert.Equal("Q4 2026", (string?)shown["window"]!["phrase"]);
        Assert.Equal("https://mistral.ai/news/les-ulis", (string?)shown["history"]!.AsArray()[^1]!["source"]!["url"]);

        var preview = await house.DoneAsync("digest", "preview", "weekly@example.org", "--text");
        Assert.Contains("moved from Q3 2026 to Q4 2026", preview, StringComparison.Ordinal);
        Assert.Contains("<html", await house.DoneAsync("digest", "preview", "weekly@example.org", "--html"), StringComparison.Ordinal);
        var eml = await house.DoneAsync("digest", "preview", "weekly@example.org", "--eml");
        Assert.Contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click", eml, StringComparison.Ordinal);
        Assert.Empty(house.MailsTo("@example.org"));

        // the quiet period passes, then Friday morning, then Monday morning
        house.At("2026-06-04T10:30:00Z");
        await house.DoneAsync("run-once", "--until-idle");
        Assert.Single(house.MailsTo("immediate@example.org"));
        Assert.Empty(house.MailsTo("daily@example.org"));
        house.At("2026-06-05T06:00:00Z");
        await house.DoneAsync("run-once", "--until-idle");
        Assert.Single(house.MailsTo("daily@example.org"));
        Assert.Empty(house.MailsTo("weekly@example.org"));
        house.At("2026-06-08T06:00:00Z");
        await house.DoneAsync("run-once", "--until-idle");
        foreach (var cadence in (string[])["weekly", "daily", "immediate"])
        {
            var mail = Assert.Single(house.MailsTo($"{cadence}@example.org"));
            Assert.StartsWith("Les Ulis moved from Q3 2026 to Q4 2026 (92 days later)", mail.Subject, StringComparison.Ordinal);
            Assert.Contains("delayed", mail.TextBody, StringComparison.Ordinal);
            Assert.Contains("We will open in Q4 2026.", mail.TextBody, StringComparison.Ordinal);
            Assert.Contains("Said at the partner day", mail.TextBody, StringComparison.Ordinal);
        }
        var why = (await house.JsonAsync("subscriber", "why", "weekly@example.org")).AsArray();
        Assert.Equal("sent", (string?)Assert.Single(why)!["outcome"]);

        // it was wrong: the retraction brings the old date back, and readers are told that it was our error
        var moved = (await house.JsonAsync("milestone", "history", "les-ulis-opening"))
            .AsArray()
            .Single(entry => (string?)entry!["kind"] == "rescheduled");
        house.At("2026-06-09T10:00:00Z");
        await house.DoneAsync("retract", moved!["position"]!.ToJsonString(), "--reason", "Misread the talk", "--as", "ana");
        house.At("2026-06-15T06:00:00Z");
        await house.DoneAsync("run-once", "--until-idle");
        var correction = house.MailsTo("weekly@example.org")[^1];
        Assert.Contains("Correction", correction.Subject + correction.TextBody, StringComparison.OrdinalIgnoreCase);

        // as it was known then
        Assert.Equal(before, await house.DoneAsync("milestone", "show", "les-ulis-opening", "--as-of", "2026-06-03"));
        var then = await house.JsonAsync("milestone", "show", "les-ulis-opening", "--as-of", "2026-06-04T23:00:00Z");
        Assert.Equal("Q4 2026", (string?)then["window"]!["phrase"]);
        Assert.Contains("Q4 2026", await house.DoneAsync("milestone", "list", "--as-of", "2026-06-08"), StringComparison.Ordinal);

        var readers = (await house.JsonAsync("subscriber", "list")).AsArray();
        Assert.Equal(3, readers.Count);
        Assert.Empty((await house.JsonAsync("ledger", "verify"))["problems"]!.AsArray());
    }

    [Fact]
    public async Task A_move_whose_status_is_refused_is_not_half_recorded()
    {
        using var house = await CliHouse.OpenAsync(cluster);

        // achieved needs evidence or an override
        await house.RefusedAsync(1, ["les-ulis-opening"], "reschedule", "les-ulis-opening", "Q4 2026", "--status", "achieved");
    }

    [Fact]
    public async Task Reopening_and_the_new_status_are_recorded_together_or_not_at_all()
    {
        using var house = await CliHouse.OpenAsync(cluster);
        await house.DoneAsync("status", "borlange-opening", "cancelled");

        await house.RefusedAsync(1, ["borlange-opening"], "status", "borlange-opening", "achieved", "--reopen", "Resumed");
        await house.DoneAsync("status", "borlange-opening", "on_track", "--reopen", "Resumed");

        Assert.Equal("on_track", (string?)(await house.JsonAsync("milestone", "show", "borlange-opening"))["status"]);
        Assert.Empty((await house.JsonAsync("ledger", "verify"))["problems"]!.AsArray());
    }
}
