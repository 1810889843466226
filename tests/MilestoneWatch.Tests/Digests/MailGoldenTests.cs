using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using MimeKit;
using NodaTime;

namespace MilestoneWatch.Tests.Digests;

public sealed class MailGoldenTests(PostgresCluster cluster)
{
    private const string Alerted = "alert-reader@example.org";

    [Fact]
    public async Task The_replay_tells_its_story_in_nine_mails()
    {
        await using var house = await Replayed.OpenAsync(cluster, Instant.FromUtc(2026, 10, 5, 6, 0));

        var mails = house.Mails();

        Assert.Equal(9, mails.Count);
        Golden.Matches(
            "replay.txt",
            string.Join("\n\f\n", mails.Select(mail => $"{mail.Date.UtcDateTime:yyyy-MM-dd HH:mm}Z {mail.Subject}\n\n{Plain(mail)}"))
        );
        Golden.Matches("weekly-2026-10-05", mails[^1]);
        Golden.Matches("gone-quiet", mails.Single(mail => mail.Subject!.Contains("nothing new for 90 days", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_alert_tells_a_moved_date_with_its_source()
    {
        await using var house = await Replayed.OpenAsync(cluster, Instant.FromUtc(2026, 10, 6, 7, 30));
        await house.JoinAsync(Alerted, Cadence.Immediate);
        await house.RecordAsync(
            To("les-ulis-opening", "Q4 2026") with
            {
                Note = "Said at the partner day; the site itself was not shown.",
                Source = new SourceNamed(
                    "Example Wire",
                    Url: "https://wire.example/mistral-les-ulis",
                    PublishedOn: new LocalDate(2026, 10, 5)
                ),
                Quote = "Les Ulis will open before the year is out",
                Verbatim = true,
                Standing = Standing.Reported,
            }
        );
        await house.RunAtAsync("2026-10-06T07:40:00Z");

        var alert = To(house, Alerted)[^1];

        Golden.Matches("immediate-moved", alert);
        Says(
            alert,
            "Bears on: \"Does the planned compute arrive on schedule?\" (open)",
            "Next reminder: 1 December, 30 days before the window ends.",
            "The old window had closed with no opening on record.",
            "92 days later; first move on record"
        );
    }

    [Fact]
    public async Task An_alert_without_a_source_says_so()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-06-04T08:00:00Z");
        await house.JoinAsync(Alerted, Cadence.Immediate);
        await house.RecordAsync(To("les-ulis-opening", "Q4 2026"));
        await house.RunAtAsync("2026-06-04T08:10:00Z");

        var alert = Assert.Single(house.Mails());

        Golden.Matches("immediate-moved-without-source", alert);
        Says(alert, "No source was recorded for this move.");
    }

    [Fact]
    public async Task A_changed_status_reads_well_at_every_cadence()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-06-04T08:00:00Z");
        await house.JoinAsync(Alerted, Cadence.Immediate);
        await house.JoinAsync("daily@example.org", Cadence.Daily);
        await house.JoinAsync("weekly@example.org", Cadence.Weekly);
        await house.RecordAsync(
            new RecordRequest("les-ulis-opening", new StatusChanged(Status.AtRisk), "ana")
            {
                Note = "The permit hearing was put off to September.",
                Source = new SourceNamed(
                    "Le Républicain",
                    Url: "https://republicain.example/les-ulis",
                    PublishedOn: new LocalDate(2026, 6, 4)
                ),
                Standing = Standing.Reported,
            }
        );
        await house.RunAtAsync("2026-06-04T08:10:00Z");
        await house.RunAtAsync("2026-06-05T06:00:00Z");
        await house.RunAtAsync("2026-06-08T06:00:00Z");

        Golden.Matches("status-immediate", Assert.Single(To(house, Alerted)));
        Golden.Matches("status-daily", Assert.Single(To(house, "daily@example.org")));
        Golden.Matches("status-weekly", Assert.Single(To(house, "weekly@example.org")));
    }

    [Fact]
    public async Task An_alert_from_the_calendar_says_that_nobody_wrote_it()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-06-29T08:00:00Z");
        await house.JoinAsync(Alerted, Cadence.Immediate, "bruyeres-le-chatel-opening");
        await house.RunAtAsync("2026-07-01T06:00:00Z");
        await house.RunAtAsync("2026-07-01T06:10:00Z");

        Golden.Matches("immediate-passed", Assert.Single(house.Mails()));
    }

    [Fact]
    public async Task A_confirmation_asks_and_says_no_more()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-06-04T08:00:00Z");
        await Joining.AddAsync(
            house.Mw,
            "reader@example.org",
            new Schedule(Cadence.Weekly, new LocalTime(8, 0), 1, House.Paris),
            ["all"],
            "en",
            confirmed: false,
            welcome: false,
            CancellationToken.None
        );
        await house.RunAsync();

        Golden.Matches("confirmation", Assert.Single(house.Mails()));
    }

    [Fact]
    public async Task What_is_achieved_is_told_as_settled()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-09-16T08:00:00Z");
        await house.JoinAsync("weekly@example.org", Cadence.Weekly);
        await house.RecordAsync(
            new RecordRequest("les-ulis-opening", new StatusChanged(Status.Achieved), "ana")
            {
                HappenedOn = new LocalDate(2026, 9, 15),
                Source = new SourceNamed(
                    "Mistral AI",
                    Url: "https://mistral.ai/news/les-ulis-is-open",
                    PublishedOn: new LocalDate(2026, 9, 15)
                ),
                Quote = "Les Ulis now serves inference",
                Verbatim = true,
                Standing = Standing.Confirmed,
            }
        );
        await house.RunAtAsync("2026-09-21T06:00:00Z");

        Golden.Matches("settled", Assert.Single(house.Mails()));
    }

    [Fact]
    public async Task What_was_told_in_error_is_corrected_as_ours()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-06-04T08:00:00Z");
        await house.JoinAsync("weekly@example.org", Cadence.Weekly);
        var moved = await house.RecordAsync(To("les-ulis-opening", "Q4 2026"));
        await house.RunAtAsync("2026-06-08T06:00:00Z");
        Assert.IsType<RecordOutcome.Recorded>(
            await house.Mw.Recorder.RetractAsync(moved, "the quote was about another site", "ana", CancellationToken.None)
        );
        await house.RunAtAsync("2026-06-15T06:00:00Z");

        var correction = house.Mails()[^1];

        Golden.Matches("correction", correction);
        Says(correction, "We told you on 8 June: the date moved to \"Q4 2026\". That was our error.");
    }

    [Fact]
    public async Task A_new_milestone_is_introduced()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-06-04T08:00:00Z");
        await house.JoinAsync("weekly@example.org", Cadence.Weekly);
        await house.PromiseAsync("plant", "by 2028");
        await house.RunAtAsync("2026-06-08T06:00:00Z");

        Golden.Matches("new", Assert.Single(house.Mails()));
    }

    [Fact]
    public async Task An_ambiguous_date_may_be_due()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-06-04T08:00:00Z");
        await house.RunAtAsync("2026-12-29T08:00:00Z");
        await house.JoinAsync("weekly@example.org", Cadence.Weekly);
        await house.RunAtAsync("2027-01-04T07:00:00Z");

        Golden.Matches("may-be-due", Assert.Single(house.Mails()));
    }

    [Fact]
    public async Task A_welcome_gives_today_s_state()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-07-30T08:00:00Z");
        await Joining.AddAsync(
            house.Mw,
            "weekly@example.org",
            new Schedule(Cadence.Weekly, new LocalTime(8, 0), 1, House.Paris),
            ["all"],
            "en",
            confirmed: true,
            welcome: true,
            CancellationToken.None
        );
        await house.RunAsync();

        Golden.Matches("welcome", Assert.Single(house.Mails()));
    }

    [Fact]
    public async Task Four_weeks_without_news_are_told_in_three_lines()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-07-02T08:00:00Z");
        await house.JoinAsync("weekly@example.org", Cadence.Weekly);
        await house.RunAtAsync("2026-08-03T06:00:00Z");

        Golden.Matches("nothing-changed", Assert.Single(house.Mails()));
    }

    private static RecordRequest To(string slug, string phrase)
    {
        Assert.True(PhraseReader.TryRead(phrase, new LocalDate(2026, 6, 4), null, out var window, out _), phrase);
        return new RecordRequest(slug, new Rescheduled(new Promise(phrase, window!)), "ana");
    }

    private static List<MimeMessage> To(House house, string email) =>
        [.. house.Mails().Where(mail => mail.To.Mailboxes.Single().Address == email)];

    private static string Plain(MimeMessage mail) =>
        System.Text.RegularExpressions.Regex.Replace(Golden.Text(mail), "/settings/[A-Za-z0-9_-]+", "/settings/TOKEN");

    private static void Says(MimeMessage mail, params string[] sentences)
    {
        var text = string.Join(' ', Golden.Text(mail).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.All(sentences, sentence => Assert.Contains(sentence, text));
    }
}
