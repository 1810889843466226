using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using NodaTime;

namespace MilestoneWatch.Tests.Digests;

/// <summary>The same mails as their English goldens, to a reader who asked for French. What analysts and sources wrote stays in their words.</summary>
public sealed class FrenchMailGoldenTests(PostgresCluster cluster)
{
    private const string Reader = "lectrice@example.org";

    [Fact]
    public async Task A_week_in_which_a_date_passed_and_another_is_unsettled()
    {
        await using var house = await Replayed.OpenAsync(cluster, Instant.FromUtc(2026, 9, 21, 8, 0));
        await JoinAsync(house, Cadence.Weekly);
        foreach (var at in new[] { "2026-09-22T22:00:00Z", "2026-09-28T06:00:00Z", "2026-09-30T22:00:00Z", "2026-10-05T06:00:00Z" })
        {
            await house.RunAtAsync(at);
        }

        Matches("fr-weekly", house);
    }

    [Fact]
    public async Task An_alert_of_a_moved_date()
    {
        await using var house = await Replayed.OpenAsync(cluster, Instant.FromUtc(2026, 10, 6, 7, 30));
        await JoinAsync(house, Cadence.Immediate);
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

        Matches("fr-immediate-moved", house);
    }

    [Fact]
    public async Task A_correction_and_what_is_still_unsettled()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-07-30T08:00:00Z");
        await JoinAsync(house, Cadence.Weekly);
        var moved = await house.RecordAsync(To("les-ulis-opening", "Q4 2026"));
        await house.RunAtAsync("2026-08-03T06:00:00Z");
        Assert.IsType<RecordOutcome.Recorded>(
            await house.Mw.Recorder.RetractAsync(moved, "the quote was about another site", "ana", CancellationToken.None)
        );
        await house.RunAtAsync("2026-08-10T06:00:00Z");

        Matches("fr-correction", house);
    }

    [Fact]
    public async Task A_week_of_silence()
    {
        await using var house = await Replayed.OpenAsync(cluster, Instant.FromUtc(2026, 8, 31, 8, 0));
        await JoinAsync(house, Cadence.Weekly);
        await house.RunAtAsync("2026-09-07T06:00:00Z");

        Matches("fr-gone-quiet", house);
    }

    [Fact]
    public async Task A_welcome()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-07-30T08:00:00Z");
        await JoinAsync(house, Cadence.Weekly, welcome: true);
        await house.RunAsync();

        Matches("fr-welcome", house);
    }

    [Fact]
    public async Task Four_weeks_in_which_nothing_changed()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-07-02T08:00:00Z");
        await JoinAsync(house, Cadence.Weekly);
        await house.RunAtAsync("2026-08-03T06:00:00Z");

        Matches("fr-nothing-changed", house);
    }

    private static Task JoinAsync(House house, Cadence cadence, bool welcome = false) =>
        Joining.AddAsync(
            house.Mw,
            Reader,
            new Schedule(cadence, new LocalTime(8, 0), 1, House.Paris),
            ["all"],
            "fr",
            confirmed: true,
            welcome,
            CancellationToken.None
        );

    private static RecordRequest To(string slug, string phrase)
    {
        Assert.True(PhraseReader.TryRead(phrase, new LocalDate(2026, 6, 4), null, out var window, out _), phrase);
        return new RecordRequest(slug, new Rescheduled(new Domain.Ledger.Promise(phrase, window!)), "ana");
    }

    private static void Matches(string name, House house)
    {
        var mail = house.Mails().Last(mail => mail.To.Mailboxes.Single().Address == Reader);
        Golden.Matches(name, mail);
    }
}
