using Dapper;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;

namespace MilestoneWatch.Tests.Record;

public sealed class LedgerVerificationTests(PostgresCluster cluster)
{
    // entries 1 promise, 2 moved, 3 delayed, 4 evidence, 5 looked, 6 retraction of 3, 7 the window closed
    private const long Last = 7;

    [Theory]
    [InlineData("body = overlay(body placing 'X' from 30 for 1)", 2)]
    [InlineData("body = replace(body, '2026-12-31', '2026-12-30')", 2)]
    [InlineData("body = replace(body, '2026-12-31', '2026-12-99')", 2)]
    [InlineData("body = 'no JSON'", 2)]
    [InlineData("body = '[]'", 2)]
    [InlineData("body = '{}'", 2)]
    [InlineData("body = '{\"change\": {}}'", 2)]
    [InlineData("body = replace(body, 'ana', 'eve')", 4)]
    [InlineData("salt = null", 4)]
    [InlineData("body = null", 4)]
    [InlineData("body_hash = set_byte(body_hash, 31, get_byte(body_hash, 31) # 1)", 3)]
    [InlineData("hash = set_byte(hash, 0, get_byte(hash, 0) # 1)", 4)]
    [InlineData("hash = set_byte(hash, 0, get_byte(hash, 0) # 1)", Last)]
    [InlineData("state = state || '{\"moves\": 0}'", 2)]
    [InlineData("state = state || '{\"status\": \"achieved\"}'", Last)]
    [InlineData("state = state || '{\"status\": \"nonsense\"}'", 3)]
    [InlineData("state = '[]'", 3)]
    [InlineData("state = state || '{\"looked_on\": \"2026-02-31\"}'", 5)]
    [InlineData("kind = 'looked'", 2)]
    [InlineData("kind = 'retracted'", 2)]
    [InlineData("kind = 'added'", 3)]
    [InlineData("kind = 'nonsense'", 2)]
    [InlineData("occasion = '99'", Last)]
    [InlineData("recorded_at = recorded_at + interval '1 microsecond'", 2)]
    [InlineData("happened_on = happened_on - 1", 2)]
    [InlineData("happened_at = happened_at - interval '1 microsecond'", Last)]
    [InlineData("actor = gen_random_uuid()", 2)]
    [InlineData("retracts = 2", 6)]
    [InlineData("milestone_id = milestone_id + 1", 2)]
    [InlineData("position = 70", Last)]
    public async Task One_changed_value_is_found_and_its_position_named(string change, long position)
    {
        await using var house = await RecordedAsync();

        var report = await TamperAsync(house, $"update entries set {change} where position = {position}");

        var named = change.StartsWith("position", StringComparison.Ordinal) ? 70 : position;
        Assert.Contains(named, report.Problems.Select(problem => problem.Position));
    }

    [Theory]
    [InlineData("delete from entries where position = 4", 5)]
    [InlineData("delete from entries where position = 1", 2)]
    [InlineData("delete from entries where position = 7", 7)]
    [InlineData("update milestones set position = 6 where slug = 'site'", 6)]
    [InlineData("update milestones set state = state || '{\"status\": \"achieved\"}' where slug = 'site'", 7)]
    public async Task A_deleted_entry_or_an_edited_current_row_is_found(string tamper, long position)
    {
        await using var house = await RecordedAsync();

        var report = await TamperAsync(house, tamper);

        Assert.Contains(position, report.Problems.Select(problem => problem.Position));
    }

    [Fact]
    public async Task Swapped_salts_are_found_in_both_entries()
    {
        await using var house = await RecordedAsync();

        var report = await TamperAsync(
            house,
            "update entries e set salt = o.salt from entries o where (e.position, o.position) in ((2, 3), (3, 2))"
        );

        Assert.Equal([2L, 3L], report.Problems.Select(problem => problem.Position));
    }

    [Fact]
    public async Task Any_one_changed_byte_of_a_body_is_found()
    {
        await using var house = await RecordedAsync();
        var length = await house.ScalarAsync<int>("select octet_length(body) from entries where position = 2");
        await using var database = Installation.Open(house.Owner);
        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        var missed = new List<int>();
        for (var i = 0; i < length; i++)
        {
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            await connection.ExecuteAsync(
                $"""
                set local session_replication_role = replica;
                update entries set body = convert_from(
                    set_byte(convert_to(body, 'UTF8'), {i}, get_byte(convert_to(body, 'UTF8'), {i}) # 1), 'UTF8')
                where position = 2;
                """
            );
            var report = await LedgerVerification.RunAsync(connection, CancellationToken.None);
            if (!report.Problems.Any(problem => problem.Position == 2))
            {
                missed.Add(i);
            }
            await transaction.RollbackAsync(CancellationToken.None);
        }
        Assert.True(length > 100);
        Assert.Empty(missed);
    }

    [Fact]
    public async Task A_bad_entry_does_not_hide_another_milestones()
    {
        await using var house = await RecordedAsync();
        await house.PromiseAsync("other", "Q3 2026");

        var report = await TamperAsync(
            house,
            """
            update entries set state = state || '{"status": "nonsense"}' where position = 2;
            update entries set state = state || '{"moves": 9}' where position = 8;
            update milestones m set state = e.state from entries e where e.position = m.position;
            """
        );

        Assert.Equal([2L, 8L], report.Problems.Select(problem => problem.Position));
    }

    [Fact]
    public async Task Redacted_entries_are_listed_and_the_ledger_still_verifies()
    {
        await using var house = await RecordedAsync();
        Assert.True(await house.ScalarAsync<bool>("select redact_entry(4)"));
        Assert.True(await house.ScalarAsync<bool>("select redact_entry(3)"));
        Assert.False(await house.ScalarAsync<bool>("select redact_entry(3)"));

        await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);
        var report = await LedgerVerification.RunAsync(connection, CancellationToken.None);

        Assert.Empty(report.Problems);
        Assert.Equal([3L, 4L], report.Redacted);
        Assert.Equal(0, await house.ScalarAsync<int>("select count(*) from entries where body ~ 'Notre Dame'"));
    }

    private async Task<House> RecordedAsync()
    {
        var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        await house.RescheduleAsync("site", "Q4 2026");
        await house.StatusAsync("site", Status.Delayed);
        await house.Mw.Recorder.RecordAsync(
            new RecordRequest("site", new EvidenceAdded(Stance.Unclear, null, null, null, false), "ana")
            {
                Note = "ana saw Notre Dame",
                Source = new SourceNamed("Acme"),
            },
            CancellationToken.None
        );
        await house.Mw.Recorder.RecordAsync(new RecordRequest("site", new Looked(), "ana"), CancellationToken.None);
        await house.Mw.Recorder.RetractAsync(3, "misread", "ana", CancellationToken.None);
        house.Clock.Reset(Is.At("2026-10-01T00:00:00Z"));
        await house.Mw.Checks.RunOnceAsync(CancellationToken.None);
        Assert.Equal(Last, await house.ScalarAsync<long>("select max(position) from entries"));
        return house;
    }

    /// <summary>What verification says after the owner changed something with every trigger off.</summary>
    private static async Task<LedgerVerification.Report> TamperAsync(House house, string sql)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);
        var before = await LedgerVerification.RunAsync(connection, CancellationToken.None);
        Assert.Empty(before.Problems);
        await house.ScalarAsync<object>($"set session_replication_role = replica; {sql}");
        return await LedgerVerification.RunAsync(connection, CancellationToken.None);
    }
}
