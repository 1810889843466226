using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Tests.Record;

public sealed class RecorderTests(PostgresCluster cluster)
{
    private const string Everything = """
        select concat(
            (select max(position) from entries), (select string_agg(m::text, '|' order by id) from milestones m),
            (select count(*) from sources), (select count(*) from users))
        """;

    [Fact]
    public async Task A_stale_revision_is_refused_naming_both_and_nothing_is_recorded()
    {
        await using var house = await OpenAsync();
        await house.RescheduleAsync("site", "Q4 2026");

        var reason = await RefusedAsync(house, new RecordRequest("site", new StatusChanged(Status.OnTrack), "ana") { Revision = 1 });

        Assert.Contains("you saw 1, it is now 2", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_revision_that_was_seen_is_accepted()
    {
        await using var house = await OpenAsync();

        await RecordedAsync(house, new RecordRequest("site", new StatusChanged(Status.OnTrack), "ana") { Revision = 1 });

        var state = (await house.MilestoneAsync("site")).State;
        Assert.Equal((Status.OnTrack, 2, 2L), (state.Status, state.Revision, state.StatusPosition!.Value));
    }

    [Theory]
    [InlineData(Status.Achieved)]
    [InlineData(Status.Missed)]
    public async Task What_settles_it_needs_evidence_or_an_override(Status status)
    {
        await using var house = await OpenAsync();
        var request = new RecordRequest("site", new StatusChanged(status), "ana");

        Assert.Contains("needs evidence", await RefusedAsync(house, request), StringComparison.Ordinal);
        var source = new SourceNamed("Acme");
        await RefusedAsync(house, request with { Source = source });
        await RefusedAsync(house, request with { Standing = Standing.Confirmed });
        await RefusedAsync(house, request with { Source = source, Standing = Standing.Claimed });
        await RecordedAsync(house, request with { Source = source, Standing = Standing.Reported });
        Assert.Contains(
            "reopen it first",
            await RefusedAsync(house, request with { Changes = [new StatusChanged(Status.Cancelled)] }),
            StringComparison.Ordinal
        );
        await RecordedAsync(house, request with { Changes = [new Reopened("too early")] });
        await RecordedAsync(house, request with { Changes = [new StatusChanged(status, "I was there")] });
    }

    [Fact]
    public async Task The_same_window_again_is_refused()
    {
        await using var house = await OpenAsync();

        Assert.Contains(
            "already promised for that window",
            await RefusedAsync(house, new RecordRequest("site", new Rescheduled(Is.Due("third quarter of 2026")), "ana")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_unknown_slug_is_answered_with_the_nearest()
    {
        await using var house = await OpenAsync();

        Assert.Contains(
            "did you mean \"site\"",
            await RefusedAsync(house, new RecordRequest("sitte", new Looked(), "ana")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_clock_more_than_five_minutes_behind_the_ledger_is_refused()
    {
        await using var house = await OpenAsync();
        house.Clock.Advance(-Duration.FromMinutes(5) - Duration.FromMilliseconds(1));

        Assert.Contains(
            "the clock says",
            await RefusedAsync(house, new RecordRequest("site", new Looked(), "ana")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_clock_a_little_behind_records_at_the_ledgers_time()
    {
        await using var house = await OpenAsync();
        var ledger = house.Clock.GetCurrentInstant();
        house.Clock.Advance(-Duration.FromMinutes(4));

        await RecordedAsync(house, new RecordRequest("site", new Looked(), "ana"));

        Assert.Equal(ledger, (await house.HistoryAsync("site"))[^1].RecordedAt);
    }

    [Fact]
    public async Task The_ledger_keeps_ids_and_no_account_name()
    {
        await using var house = await OpenAsync();
        await RecordedAsync(house, new RecordRequest("site", new Looked(), "Ana Lytica"));

        Assert.Equal(0, await house.ScalarAsync<long>("select count(*) from entries e where e::text ~* 'lytica'"));
        Assert.Equal(
            "Ana Lytica",
            await house.ScalarAsync<string>("select u.name from users u join entries e on e.actor = u.id where e.position = 2")
        );
    }

    [Fact]
    public async Task An_instant_is_cut_to_the_microseconds_that_are_stored()
    {
        await using var house = await OpenAsync();
        house.Clock.Advance(Duration.FromNanoseconds(1_999));
        await RecordedAsync(house, new RecordRequest("site", new Looked(), "ana"));

        Assert.Equal(house.Clock.GetCurrentInstant() - Duration.FromNanoseconds(999), (await house.HistoryAsync("site"))[^1].RecordedAt);
    }

    private async Task<House> OpenAsync()
    {
        var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        return house;
    }

    private static async Task<RecordOutcome.Recorded> RecordedAsync(House house, RecordRequest request) =>
        Assert.IsType<RecordOutcome.Recorded>(await house.Mw.Recorder.RecordAsync(request, CancellationToken.None));

    /// <summary>The reason of a refusal that left the ledger and the current row as they were.</summary>
    private static async Task<string> RefusedAsync(House house, RecordRequest request)
    {
        var before = await house.ScalarAsync<string>(Everything);
        var outcome = await house.Mw.Recorder.RecordAsync(request, CancellationToken.None);
        Assert.Equal(before, await house.ScalarAsync<string>(Everything));
        return Assert.IsType<RecordOutcome.Refused>(outcome).Reason;
    }
}
