using Microsoft.Extensions.Logging.Abstractions;
using MilestoneWatch.Checks;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;

namespace MilestoneWatch.Tests.Checks;

public sealed class CheckPassTests(PostgresCluster cluster)
{
    [Fact]
    public async Task Everything_is_said_once_as_it_becomes_true_in_the_milestones_zone()
    {
        await using var house = await OpenAsync("Q3 2026");

        foreach (
            var (at, said) in new[]
            {
                ("2026-06-30T22:00:00Z", "WindowOpened 2026-06-30T22:00:00Z"),
                ("2026-08-30T22:00:00Z", "DueSoon30 2026-08-30T22:00:00Z"),
                ("2026-09-22T22:00:00Z", "DueSoon7 2026-09-22T22:00:00Z"),
                ("2026-09-28T22:00:00Z", "DueSoon1 2026-09-28T22:00:00Z"),
                ("2026-09-30T22:00:00Z", "WindowClosed 2026-09-30T22:00:00Z"),
            }
        )
        {
            var before = await SaidAsync(house);
            house.Clock.Reset(Is.At(at) - NodaTime.Duration.FromMilliseconds(1));
            await RunAsync(house);
            Assert.Equal(before, await SaidAsync(house));
            house.Clock.Reset(Is.At(at));
            await RunAsync(house);
            await RunAsync(house);
            Assert.Equal([.. before, said], await SaidAsync(house));
        }
        Assert.Null(await house.ScalarAsync<DateTime?>("select next_check_at from milestones"));
    }

    [Fact]
    public async Task After_a_gap_of_two_years_everything_is_said_once_with_the_time_it_became_true()
    {
        await using var house = await OpenAsync("by 2027");
        house.Clock.Reset(Is.At("2029-01-01T00:00:00Z"));

        await RunAsync(house);
        await RunAsync(house);

        Assert.Equal(
            [
                "MayBeDue 2026-12-31T23:00:00Z",
                "DueSoon30 2027-11-30T23:00:00Z",
                "DueSoon7 2027-12-23T23:00:00Z",
                "DueSoon1 2027-12-29T23:00:00Z",
                "WindowClosed 2027-12-31T23:00:00Z",
            ],
            await SaidAsync(house)
        );
    }

    [Fact]
    public async Task Three_passes_at_once_say_each_thing_once()
    {
        await using var house = await House.OpenAsync(cluster);
        const int Milestones = 450;
        await house.ImportAsync(
            "subject: {slug: acme, name: Acme}\nas_of: 2026-05-28\nsources: {site: {publisher: Acme}}\nmilestones:"
                + string.Concat(
                    Enumerable
                        .Range(0, Milestones)
                        .Select(i =>
                            $"\n  - {{slug: m-{i}, title: It opens, kind: event, counts_when: it is open, zone: Europe/Paris, quiet_days: 0, "
                            + "promised: {phrase: Q3 2026, on: 2026-05-28, source: site}}"
                        )
                )
        );
        house.Clock.Reset(Is.At("2026-10-01T00:00:00Z"));

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => OneMachineAsync(house))));
        await RunAsync(house);

        Assert.Equal(5 * Milestones, await house.ScalarAsync<int>("select count(*) from entries where kind <> 'added'"));
        Assert.Equal(
            5 * Milestones,
            await house.ScalarAsync<int>("select count(distinct (milestone_id, kind, occasion)) from entries where kind <> 'added'")
        );
    }

    [Fact]
    public async Task Passes_that_have_claimed_the_same_milestone_say_it_once()
    {
        await using var house = await OpenAsync("Q3 2026");
        house.Clock.Reset(Is.At("2026-07-01T00:00:00Z"));
        await RunAsync(house);

        // as if the claim of a pass that died had been lost
        await house.ScalarAsync<object>("update milestones set next_check_at = '2026-07-01Z'");
        await RunAsync(house);

        Assert.Single(await SaidAsync(house));
    }

    [Fact]
    public async Task A_window_that_moves_away_and_back_is_told_again()
    {
        await using var house = await OpenAsync("Q3 2026");
        house.Clock.Reset(Is.At("2026-10-02T00:00:00Z"));
        await RunAsync(house);
        await house.RescheduleAsync("site", "Q4 2026");
        await house.RescheduleAsync("site", "Q3 2026");

        await RunAsync(house);

        Assert.Equal(
            ["WindowClosed 2026-09-30T22:00:00Z", "WindowClosed 2026-09-30T22:00:00Z"],
            (await SaidAsync(house)).Where(said => said.StartsWith("WindowClosed", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_retracted_move_says_nothing_of_the_old_window_again()
    {
        await using var house = await OpenAsync("Q3 2026");
        house.Clock.Reset(Is.At("2026-10-02T00:00:00Z"));
        await RunAsync(house);
        var before = await SaidAsync(house);
        await house.RescheduleAsync("site", "Q4 2026");
        var head = await house.ScalarAsync<long>("select max(position) from entries");
        await house.Mw.Recorder.RetractAsync(head, "misread", "ana", CancellationToken.None);

        await RunAsync(house);

        Assert.Equal(before, await SaidAsync(house));
    }

    [Theory]
    [InlineData("TBD")]
    [InlineData("from 2020")]
    public async Task An_open_bound_says_nothing(string phrase)
    {
        await using var house = await OpenAsync(phrase);
        house.Clock.Reset(Is.At("2040-01-01T00:00:00Z"));

        await RunAsync(house);

        Assert.Empty(await SaidAsync(house));
    }

    [Fact]
    public async Task What_is_settled_says_nothing_until_it_is_reopened()
    {
        await using var house = await OpenAsync("Q3 2026");
        await house.StatusAsync("site", Status.Cancelled);
        house.Clock.Reset(Is.At("2026-10-02T00:00:00Z"));
        await RunAsync(house);
        Assert.Empty(await SaidAsync(house));

        await house.Mw.Recorder.RecordAsync(new RecordRequest("site", new Reopened("too early"), "ana"), CancellationToken.None);
        await RunAsync(house);

        Assert.Contains("WindowClosed 2026-09-30T22:00:00Z", await SaidAsync(house));
    }

    [Fact]
    public async Task What_lay_before_the_promise_was_recorded_is_not_said_but_a_closed_window_is()
    {
        await using var open = await OpenAsync("Q3 2026", "2026-09-25T00:00:00Z");
        await using var closed = await OpenAsync("Q3 2026", "2026-11-01T00:00:00Z");
        open.Clock.Reset(Is.At("2026-10-02T00:00:00Z"));

        await RunAsync(open);
        await RunAsync(closed);

        Assert.Equal(["DueSoon1 2026-09-28T22:00:00Z", "WindowClosed 2026-09-30T22:00:00Z"], await SaidAsync(open));
        Assert.Equal(["WindowClosed 2026-09-30T22:00:00Z"], await SaidAsync(closed));
    }

    [Fact]
    public async Task Silence_is_said_once_and_again_after_the_next_fact()
    {
        await using var house = await OpenAsync("by 2030", quietDays: 90);
        house.Clock.Reset(Is.At("2026-07-01T00:00:00Z"));
        await house.RecordAsync(new RecordRequest("site", new Looked(), "ana"));
        house.Clock.Reset(Is.At("2026-08-25T22:00:00Z") - NodaTime.Duration.FromMilliseconds(1));
        await RunAsync(house);
        Assert.Empty(await SaidAsync(house));

        house.Clock.Reset(Is.At("2026-10-01T00:00:00Z"));
        await RunAsync(house);
        await RunAsync(house);
        Assert.Equal(["GoneQuiet90 2026-08-25T22:00:00Z"], await SaidAsync(house));

        await house.StatusAsync("site", Status.OnTrack);
        house.Clock.Reset(Is.At("2028-10-01T00:00:00Z"));
        await RunAsync(house);
        Assert.Equal(
            ["GoneQuiet90 2026-08-25T22:00:00Z", "GoneQuiet90 2026-12-29T23:00:00Z"],
            (await SaidAsync(house)).Where(said => said.StartsWith("GoneQuiet", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task A_threshold_that_changes_counts_from_then_on()
    {
        await using var house = await OpenAsync("by 2030", quietDays: 90);
        var definition = (await house.MilestoneAsync("site")).Definition;
        await house.RecordAsync(new RecordRequest("site", new Redefined(definition with { QuietDays = 10 }), "ana"));

        house.Clock.Reset(Is.At("2026-06-08T00:00:00Z"));
        await RunAsync(house);

        Assert.Equal(["GoneQuiet10 2026-06-06T22:00:00Z"], await SaidAsync(house));
    }

    [Fact]
    public async Task A_reading_that_reaches_the_target_says_so_with_the_entry_that_did_and_sets_no_status()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.CountedAsync();
        await ReadAsync(199);
        var reached = await ReadAsync(200);
        await ReadAsync(250);

        var said = Assert.Single(await house.HistoryAsync("power"), entry => entry.Kind == EntryKind.TargetReached);
        Assert.Equal(reached + 1, said.Position);
        Assert.Equal($"{reached}", said.Occasion);
        Assert.Equal(Status.Planned, (await house.MilestoneAsync("power")).State.Status);

        Task<long> ReadAsync(decimal value) => house.RecordAsync(new RecordRequest("power", new ProgressRecorded(value), "ana"));
    }

    [Fact]
    public async Task A_target_that_was_reached_in_error_is_told_again_when_it_is_reached()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.CountedAsync();
        var error = await house.RecordAsync(new RecordRequest("power", new ProgressRecorded(400), "ana"));
        Assert.IsType<RecordOutcome.Recorded>(await house.Mw.Recorder.RetractAsync(error, "misread", "ana", CancellationToken.None));
        await house.RecordAsync(new RecordRequest("power", new ProgressRecorded(201), "ana"));

        Assert.Equal(2, (await house.HistoryAsync("power")).Count(entry => entry.Kind == EntryKind.TargetReached));
    }

    private async Task<House> OpenAsync(string phrase, string now = "2026-05-28T08:00:00Z", int quietDays = 0)
    {
        var house = await House.OpenAsync(cluster, now);
        await house.PromiseAsync("site", phrase, quietDays: quietDays);
        return house;
    }

    private static async Task RunAsync(House house)
    {
        while (await house.Mw.Checks.RunOnceAsync(CancellationToken.None)) { }
    }

    private static async Task OneMachineAsync(House house)
    {
        await using var database = Installation.Open(house.Application);
        var pass = new CheckPass(database, house.Clock, NullLogger<CheckPass>.Instance);
        while (await pass.RunOnceAsync(CancellationToken.None)) { }
    }

    private static async Task<IReadOnlyList<string>> SaidAsync(House house) =>
        [
            .. from entry in await house.HistoryAsync("site")
            where entry.Kind.IsDerived()
            let said = (ClockSaid)entry.Body!.Change
            select $"{said.Said}{said.Days} {entry.HappenedAt}",
        ];
}
