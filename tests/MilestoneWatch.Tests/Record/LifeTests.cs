using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Tests.Record;

/// <summary>Every kind of milestone through its life, as the recorder keeps it in the database.</summary>
public sealed class LifeTests(PostgresCluster cluster)
{
    private static readonly LocalDate Today = new(2026, 5, 28);

    [Fact]
    public async Task An_event_is_promised_moved_achieved_and_reopened()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        await house.RescheduleAsync("site", "Q4 2026");
        await DoAsync(house, "site", new StatusChanged(Status.Achieved), proven: true);
        Assert.Contains("reopen it first", await RefusedAsync(house, "site", new Rescheduled(Is.Due("2028"))), StringComparison.Ordinal);
        await DoAsync(house, "site", new Reopened("only a ceremony"));

        var state = (await house.MilestoneAsync("site")).State;

        Assert.Equal((Status.Planned, 4, 1), (state.Status, state.Revision, state.Moves));
        Assert.Equal("only a ceremony", ((Reopened)(await house.HistoryAsync("site"))[^1].Body!.Change).Reason);
        Assert.Contains("the reason", await RefusedAsync(house, "site", new Reopened(" ")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reading_out_of_order_changes_nothing_and_a_retracted_one_gives_way_to_the_one_before()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.CountedAsync();
        await DoAsync(house, "power", new ProgressRecorded(80), Today);
        await DoAsync(house, "power", new ProgressRecorded(60), Today.PlusDays(-20));
        Assert.Equal(80, (await house.MilestoneAsync("power")).State.Progress);
        var latest = await DoAsync(house, "power", new ProgressRecorded(210), Today);
        await house.Mw.Recorder.RetractAsync(latest, "misread", "ana", CancellationToken.None);

        var state = (await house.MilestoneAsync("power")).State;

        Assert.Equal((80m, Today), (state.Progress!.Value, state.ProgressOn!.Value));
        Assert.Single(await ReachedAsync(house, "power"));
        await VerifiedAsync(house);
    }

    [Fact]
    public async Task What_is_to_fall_to_its_target_reaches_it_from_above()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.ImportAsync(
            """
            subject: {slug: acme, name: Acme}
            as_of: 2026-05-28
            milestones:
              - {slug: price, title: Under 10, kind: quantity, target: 10, unit: EUR, direction: at_most, counts_when: it costs that, zone: UTC}
            """
        );
        await DoAsync(house, "price", new ProgressRecorded(12));
        Assert.Empty(await ReachedAsync(house, "price"));
        await DoAsync(house, "price", new ProgressRecorded(10));
        await DoAsync(house, "price", new ProgressRecorded(9));

        Assert.Single(await ReachedAsync(house, "price"));
        Assert.Equal(Status.Planned, (await house.MilestoneAsync("price")).State.Status);
    }

    [Fact]
    public async Task A_target_that_only_a_retraction_brings_to_light_is_said()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.CountedAsync();
        var wrong = await DoAsync(house, "power", new ProgressRecorded(80), Today);
        await DoAsync(house, "power", new ProgressRecorded(205), Today.PlusDays(-1));
        Assert.Empty(await ReachedAsync(house, "power"));

        await house.Mw.Recorder.RetractAsync(wrong, "another site's", "ana", CancellationToken.None);

        Assert.Equal(205, (await house.MilestoneAsync("power")).State.Progress);
        Assert.Single(await ReachedAsync(house, "power"));
    }

    [Theory]
    [InlineData("CMA CGM", "cma  cgm ", 1)]
    [InlineData("ＳＮＣＦ", "sncf", 1)]
    [InlineData("Socie\u0301te\u0301", "SOCIÉTÉ", 1)]
    [InlineData("BNP", "BNP Paribas", 1)]
    [InlineData("A\u00a0B", "a b", 1)]
    [InlineData("Airbus", "EADS", 0)]
    [InlineData("ＥＡＤＳ", "airbus", 0)]
    [InlineData("CMA CGM", "SNCF", 2)]
    public async Task A_tally_counts_names_that_differ_to_a_reader(string one, string other, int counted)
    {
        await using var house = await House.OpenAsync(cluster);
        await house.CountedAsync();
        await DoAsync(house, "customers", Renewal(one));
        await DoAsync(house, "customers", Renewal(other));
        await DoAsync(house, "customers", Renewal("Stellantis") with { Relation = "launch" });

        Assert.Equal(counted, (await house.MilestoneAsync("customers")).State.Counted);
        Assert.Equal(counted == 2 ? 1 : 0, (await ReachedAsync(house, "customers")).Count);
    }

    [Fact]
    public async Task A_threshold_is_reached_once_however_many_follow()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.CountedAsync();
        foreach (var name in (string[])["CMA CGM", "SNCF", "Stellantis", "BNP"])
        {
            await DoAsync(house, "customers", Renewal(name));
        }

        Assert.Single(await ReachedAsync(house, "customers"));
        Assert.Equal(
            (4, Status.Planned),
            ((await house.MilestoneAsync("customers")).State.Counted, (await house.MilestoneAsync("customers")).State.Status)
        );
    }

    [Fact]
    public async Task A_question_is_open_answered_and_open_again()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.ImportAsync(
            """
            subject: {slug: acme, name: Acme}
            as_of: 2026-05-28
            milestones:
              - {slug: site, title: It opens, kind: event, counts_when: it is open, zone: UTC}
            questions:
              - {slug: why, text: "Why there?", about: [site]}
            """
        );
        Assert.Equal(Status.Open, (await house.MilestoneAsync("why")).State.Status);
        Assert.Contains("cannot be", await RefusedAsync(house, "why", new StatusChanged(Status.Achieved)), StringComparison.Ordinal);
        await DoAsync(house, "why", new StatusChanged(Status.Answered));
        Assert.Contains("reopen it first", await RefusedAsync(house, "why", new StatusChanged(Status.Cancelled)), StringComparison.Ordinal);
        await DoAsync(house, "why", new Reopened("that was another site"));

        Assert.Equal(
            (Status.Open, 3),
            ((await house.MilestoneAsync("why")).State.Status, (await house.MilestoneAsync("why")).State.Revision)
        );
    }

    [Fact]
    public async Task What_settles_it_changes_by_an_entry_and_was_known_otherwise_then()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        var definition = (await house.MilestoneAsync("site")).Definition;
        await DoAsync(house, "site", new Redefined(definition with { CountsWhen = "It takes guests." }));

        await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);
        var then = await LedgerReader.FindAsync(connection, "site", 1, CancellationToken.None);

        Assert.Equal("It takes guests.", (await house.MilestoneAsync("site")).Definition.CountsWhen);
        Assert.Equal("Acme says that it is open.", then!.Definition.CountsWhen);
    }

    [Fact]
    public async Task Every_move_keeps_its_words_and_source_and_the_first_promise_stands()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        foreach (var phrase in (string[])["Q4 2026", "by the end of March 2027"])
        {
            await house.RecordAsync(
                new RecordRequest("site", new Rescheduled(Is.Due(phrase)), "ana") { Source = new SourceNamed($"Wire of {phrase}") }
            );
        }

        var milestone = await house.MilestoneAsync("site");
        var moves = (await house.HistoryAsync("site")).Where(entry => entry.Kind == EntryKind.Rescheduled).Select(entry => entry.Body!);

        Assert.Equal(
            [("Q4 2026", "Wire of Q4 2026"), ("by the end of March 2027", "Wire of by the end of March 2027")],
            moves.Select(body => (((Rescheduled)body.Change).Promise.Phrase, body.Source!.Publisher))
        );
        Assert.Equal(
            (2, 1L, 182),
            (
                milestone.State.Moves,
                milestone.State.FirstWindowPosition!.Value,
                Domain.Windows.Window.SlipInDays(milestone.State.FirstWindow!, milestone.State.Window!)!.Value
            )
        );
    }

    [Theory]
    [InlineData(Stance.Supports, Standing.Confirmed, true)]
    [InlineData(Stance.Supports, Standing.Reported, true)]
    [InlineData(Stance.Supports, Standing.Claimed, false)]
    [InlineData(Stance.Contradicts, Standing.Confirmed, false)]
    [InlineData(Stance.Unclear, Standing.Reported, false)]
    public async Task Evidence_on_record_settles_it_if_it_supports_and_is_no_mere_claim(Stance stance, Standing standing, bool settles)
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        await house.RecordAsync(
            new RecordRequest("site", new EvidenceAdded(stance, null, null, null, false), "ana")
            {
                Source = new SourceNamed("Wire"),
                Standing = standing,
            }
        );

        Assert.Equal(settles, await house.StatusAsync("site", Status.Achieved) is RecordOutcome.Recorded);
    }

    [Fact]
    public async Task Many_analysts_at_once_lose_nothing()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.CountedAsync();

        var outcomes = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(i =>
                    Task.Run(() =>
                        house.Mw.Recorder.RecordAsync(
                            new RecordRequest("customers", Renewal($"Customer {i % 6}"), $"ana {i % 3}")
                            {
                                Source = new SourceNamed("Wire"),
                            },
                            CancellationToken.None
                        )
                    )
                )
        );

        Assert.All(outcomes, outcome => Assert.IsType<RecordOutcome.Recorded>(outcome));
        var state = (await house.MilestoneAsync("customers")).State;
        Assert.Equal((6, 13), (state.Counted, state.Revision));
        Assert.Single(await ReachedAsync(house, "customers"));
        await VerifiedAsync(house);
    }

    [Fact]
    public async Task Of_two_who_saw_the_same_revision_one_is_told_to_look_again()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");

        var outcomes = await Task.WhenAll(
            new[] { "Q4 2026", "2028" }.Select(phrase =>
                Task.Run(() =>
                    house.Mw.Recorder.RecordAsync(
                        new RecordRequest("site", new Rescheduled(Is.Due(phrase)), "ana") { Revision = 1 },
                        CancellationToken.None
                    )
                )
            )
        );

        Assert.Single(outcomes.OfType<RecordOutcome.Recorded>());
        Assert.Contains(
            "you saw 1, it is now 2; look again and repeat the change",
            Assert.Single(outcomes.OfType<RecordOutcome.Refused>()).Reason,
            StringComparison.Ordinal
        );
    }

    private static EvidenceAdded Renewal(string name) => new(Stance.Supports, name, null, "renewal", false);

    private static Task<long> DoAsync(House house, string slug, Change change, LocalDate? on = null, bool proven = false) =>
        house.RecordAsync(
            new RecordRequest(slug, change, "ana")
            {
                HappenedOn = on,
                Source = proven ? new SourceNamed("Wire") : null,
                Standing = proven ? Standing.Reported : null,
            }
        );

    private static async Task<string> RefusedAsync(House house, string slug, Change change) =>
        Assert
            .IsType<RecordOutcome.Refused>(
                await house.Mw.Recorder.RecordAsync(new RecordRequest(slug, change, "ana"), CancellationToken.None)
            )
            .Reason;

    private static async Task<IReadOnlyList<Entry>> ReachedAsync(House house, string slug) =>
        [.. (await house.HistoryAsync(slug)).Where(entry => entry.Kind == EntryKind.TargetReached)];

    private static async Task VerifiedAsync(House house)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);
        Assert.Empty((await LedgerVerification.RunAsync(connection, CancellationToken.None)).Problems);
    }
}
