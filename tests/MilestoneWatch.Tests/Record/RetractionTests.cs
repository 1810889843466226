using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;

namespace MilestoneWatch.Tests.Record;

public sealed class RetractionTests(PostgresCluster cluster)
{
    [Fact]
    public async Task The_state_becomes_the_fold_without_the_entry()
    {
        await using var house = await OpenAsync();
        var first = (await house.MilestoneAsync("site")).State;
        await house.RescheduleAsync("site", "Q4 2026");
        await house.StatusAsync("site", Status.AtRisk);

        var recorded = Assert.IsType<RecordOutcome.Recorded>(await RetractAsync(house, 2));

        Assert.Equal(4, recorded.Position);
        var after = await house.MilestoneAsync("site");
        Assert.Equal(
            first with
            {
                Status = Status.AtRisk,
                StatusPosition = 3,
                StatusOn = after.State.StatusOn,
                SubstancePosition = 3,
                Revision = 4,
                Position = 4,
            },
            after.State
        );
        Assert.Equal("Q3 2026", after.Phrase);
        Assert.Equal(2, (await house.HistoryAsync("site"))[^1].Retracts);
    }

    [Fact]
    public async Task A_first_promise_stays()
    {
        await using var house = await OpenAsync();

        Assert.Contains("cannot be retracted", await RefusedAsync(house, 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retraction_stays_and_an_entry_is_retracted_once()
    {
        await using var house = await OpenAsync();
        await house.RescheduleAsync("site", "Q4 2026");
        await RetractAsync(house, 2);

        Assert.Contains("cannot be retracted", await RefusedAsync(house, 3), StringComparison.Ordinal);
        Assert.Contains("retracted already, by entry 3", await RefusedAsync(house, 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_clock_said_stays()
    {
        await using var house = await OpenAsync();
        house.Clock.Reset(Is.At("2026-07-01T00:00:00Z"));
        await house.Mw.Checks.RunOnceAsync(CancellationToken.None);

        Assert.Equal(EntryKind.WindowOpened, (await house.HistoryAsync("site"))[1].Kind);
        Assert.Contains("cannot be retracted", await RefusedAsync(house, 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_a_later_entry_rests_on_is_refused_naming_that_entry()
    {
        await using var house = await OpenAsync();
        await house.Mw.Recorder.RecordAsync(
            new RecordRequest("site", new EvidenceAdded(Stance.Supports, null, null, null, false), "ana")
            {
                Source = new SourceNamed("Acme"),
                Standing = Standing.Confirmed,
            },
            CancellationToken.None
        );
        Assert.IsType<RecordOutcome.Recorded>(await house.StatusAsync("site", Status.Achieved));

        Assert.Contains("entry 3 would no longer be valid", await RefusedAsync(house, 2), StringComparison.Ordinal);
        Assert.IsType<RecordOutcome.Recorded>(await RetractAsync(house, 3));
        Assert.IsType<RecordOutcome.Recorded>(await RetractAsync(house, 2));
    }

    [Fact]
    public async Task A_position_that_nobody_wrote_is_refused()
    {
        await using var house = await OpenAsync();

        Assert.Contains("there is no entry 99", await RefusedAsync(house, 99), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_retractions_of_one_entry_at_once_record_one()
    {
        await using var house = await OpenAsync();
        await house.RescheduleAsync("site", "Q4 2026");

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RetractAsync(house, 2)));

        Assert.Single(outcomes.OfType<RecordOutcome.Recorded>());
        Assert.Equal(3, await house.ScalarAsync<long>("select max(position) from entries"));
    }

    private async Task<House> OpenAsync()
    {
        var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        return house;
    }

    private static Task<RecordOutcome> RetractAsync(House house, long position) =>
        house.Mw.Recorder.RetractAsync(position, "misread", "ana", CancellationToken.None);

    private static async Task<string> RefusedAsync(House house, long position)
    {
        const string Head = "select max(position) from entries";
        var head = await house.ScalarAsync<long>(Head);
        var refused = Assert.IsType<RecordOutcome.Refused>(await RetractAsync(house, position));
        Assert.Equal(head, await house.ScalarAsync<long>(Head));
        return refused.Reason;
    }
}
