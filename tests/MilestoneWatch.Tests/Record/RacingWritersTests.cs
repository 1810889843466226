using Dapper;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using NodaTime;
using NodaTime.Testing;

namespace MilestoneWatch.Tests.Record;

public sealed class RacingWritersTests(PostgresCluster cluster)
{
    private const int Writers = 4;
    private const int Appends = 60;

    [Fact]
    public async Task A_reader_that_polls_the_head_while_four_writers_race_misses_no_entry()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.ImportAsync(Watchlist());
        var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(house, writer))).ToList();

        var read = await ReadWhileAsync(house, Task.WhenAll(writers));

        var recorded = (await Task.WhenAll(writers)).SelectMany(positions => positions).Order();
        Assert.Equal(Writers * Appends, recorded.Distinct().Count());
        Assert.Equal(recorded, read.Skip(Writers + 1).Select(entry => entry.Position));
        Assert.Equal(Enumerable.Range(1, read.Count).Select(position => (long)position), read.Select(entry => entry.Position));
        Assert.Equal(read.Select(entry => entry.At).Order(), read.Select(entry => entry.At));
        await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);
        var report = await LedgerVerification.RunAsync(connection, CancellationToken.None);
        Assert.Empty(report.Problems);
        Assert.Equal(read.Count, report.Entries);
    }

    [Fact]
    public async Task A_change_that_waited_for_a_faster_one_is_validated_against_it_and_lands()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        var (faster, slower) = await RaceAsync(house, revision: null);

        var recorded = Assert.IsType<RecordOutcome.Recorded>(slower);
        Assert.Equal(faster + 1, recorded.Position);
        var state = (await house.MilestoneAsync("site")).State;
        Assert.Equal((3, 2), (state.Revision, state.Moves));
    }

    [Fact]
    public async Task A_change_of_a_milestone_as_it_was_seen_is_refused_when_a_faster_one_came_first()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        var (faster, slower) = await RaceAsync(house, revision: 1);

        var refused = Assert.IsType<RecordOutcome.Refused>(slower);
        Assert.Contains("you saw 1, it is now 2", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(faster, (await house.HistoryAsync("site"))[^1].Position);
    }

    /// <summary>One recorder has read the milestone and waits for its row while another's move commits.</summary>
    private static async Task<(long Faster, RecordOutcome Slower)> RaceAsync(House house, int? revision)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        var seen = await house.MilestoneAsync("site");
        var body = new EntryBody(new Rescheduled(Is.Due("Q4 2026")));
        Assert.True(Fold.TryStep(seen.State, seen.Kind, -1, body, null, new HashSet<string>(), out var after, out _));
        var positions = await MilestoneWatch.Record.Ledger.AppendAsync(
            connection,
            house.Clock.GetCurrentInstant(),
            new Dictionary<long, int?> { [seen.Id] = seen.State.Revision },
            [new Draft(seen.Id, body, after)],
            Door.Cli,
            CancellationToken.None
        );
        var slower = house.Mw.Recorder.RecordAsync(
            new RecordRequest("site", new Rescheduled(Is.Due("2027")), "ana") { Revision = revision },
            CancellationToken.None
        );
        while (await house.ScalarAsync<long>(Is.Waiting) == 0)
        {
            Assert.False(slower.IsCompleted);
        }
        await transaction.CommitAsync(CancellationToken.None);
        return (positions[0]!.Value, await slower);
    }

    private static async Task<List<long>> WriteAsync(House house, int writer)
    {
        await using var database = Installation.Open(house.Application);
        // the writers' clocks differ, as those of machines do
        var clock = new FakeClock(house.Clock.GetCurrentInstant() + Duration.FromSeconds(20 * writer), Duration.FromMilliseconds(50));
        var recorder = new Recorder(database, clock);
        var positions = new List<long>();
        for (var i = 0; i < Appends; i++)
        {
            var slug = i % 3 == 0 ? "shared" : $"own-{writer}";
            Change change = i % 2 == 0 ? new Looked() : new Redefined(new Definition { Title = $"{writer}.{i}" });
            var outcome = await recorder.RecordAsync(new RecordRequest(slug, change, $"ana {writer}"), CancellationToken.None);
            Assert.True(outcome is RecordOutcome.Recorded, outcome.ToString());
            positions.Add(((RecordOutcome.Recorded)outcome).Position);
        }
        return positions;
    }

    private static async Task<List<(long Position, Instant At)>> ReadWhileAsync(House house, Task writing)
    {
        const string Head = "select max(position) from entries";
        const string Next = """
            select position, recorded_at from entries where position > @from and position <= @head order by position
            """;
        const string UpTo = "select count(*) from entries where position <= @head";
        await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);
        var read = new List<(long Position, Instant At)>();
        for (var last = false; !last; )
        {
            last = writing.IsCompleted;
            var head = await connection.ExecuteScalarAsync<long>(Head);
            var from = (long)read.Count;
            read.AddRange(await connection.QueryAsync<(long, Instant)>(Next, new { from, head }));
            Assert.Equal(head, read.Count);
            Assert.Equal(head, await connection.ExecuteScalarAsync<long>(UpTo, new { head }));
        }
        return read;
    }

    private static string Watchlist() =>
        $"""
            subject: [slug: acme, name: Acme]
            as_of: 2026-05-28
            milestones:
            """.Replace('[', '{').Replace(']', '}')
        + string.Concat(
            Enumerable
                .Range(0, Writers)
                .Select(writer => $"own-{writer}")
                .Prepend("shared")
                .Select(slug => $"\n  - {{slug: {slug}, title: It opens, kind: event, counts_when: it is open, zone: UTC}}")
        );
}
