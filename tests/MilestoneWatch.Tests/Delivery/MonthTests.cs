using System.Globalization;
using Dapper;
using MilestoneWatch.Delivery;
using MilestoneWatch.Tests.Mail;
using MilestoneWatch.Tests.Postgres;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Tests.Delivery;

public sealed class MonthTests(PostgresCluster cluster)
{
    public static TheoryData<string> Steps { get; } = [DeliveryStore.Claim, SettleStatement.SettleAndMark, SettleStatement.SettleLate];

    [Theory]
    [InlineData("2026-11-30T23:59:59.999999Z", "x_2026_11 y")]
    [InlineData("2026-12-01T00:00:00Z", "x_2026_12 y")]
    [InlineData("2027-01-01T00:00:00Z", "x_2027_01 y")]
    public void A_due_slots_month_is_that_of_UTC(string slot, string sql)
    {
        var month = SlotMonth.Of(InstantPattern.ExtendedIso.Parse(slot).Value);

        Assert.Equal(sql, month.On("x/*month*/ y"));
        Assert.Equal(month, SlotMonth.Named(sql[2..9]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Mails_of_several_months_go_out_in_one_run(int connections)
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 9, connections);
        await AMonthEarlierAsync(house, "id % 3 = 1", months: 1);
        await AMonthEarlierAsync(house, "id % 3 = 2", months: 14);

        await house.PumpAsync();

        Assert.Equal("sent: 9", await house.StatesAsync());
        Assert.Equal(9, relay.Mails.Count);
        Assert.Equal(3, await house.ScalarAsync<int>("select count(distinct tableoid) from attempts"));
        Assert.Equal(9, await house.ScalarAsync<int>("select count(*) from attempts where outcome = 'Accepted' and ended_at is not null"));
    }

    [Fact]
    public async Task The_month_that_has_waited_longest_comes_first()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 2);
        await AMonthEarlierAsync(house, "id = (select min(id) from deliveries)", months: 1);
        await house.ExecuteAsync(
            """
            update deliveries set next_attempt_at = next_attempt_at - interval '1 hour' where id = (select max(id) from deliveries)
            """
        );
        var longest = await house.ScalarAsync<string>("select address from deliveries order by next_attempt_at limit 1");

        await house.PumpAsync();

        Assert.Contains(longest!, relay.Mails.First().To, StringComparison.Ordinal);
        Assert.Equal(2, relay.Mails.Count);
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_step_that_was_planned_while_its_month_was_empty_stays_by_key(string sql)
    {
        await using var house = await House.OpenAsync(cluster);
        var slot = house.Clock.GetCurrentInstant();
        await using var connection = await house.Mw.Steps.OpenConnectionAsync(CancellationToken.None);
        await DeliveryStore.EnsureSlotAsync(connection, slot, CancellationToken.None);
        await DeliveryStore.EnsureSlotAsync(connection, slot - Duration.FromDays(40), CancellationToken.None);
        var statement = QueriesTests.Numbered(SlotMonth.Of(slot).On(sql));
        await connection.ExecuteAsync($"prepare step as {statement}");
        var count = await connection.ExecuteScalarAsync<int>(
            "select cardinality(parameter_types) from pg_prepared_statements where name = 'step'"
        );
        var nulls = string.Join(", ", Enumerable.Repeat("null", count));

        var plan = (await connection.QueryAsync<string>($"explain (costs off) execute step({nulls})")).AsList();

        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan on", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Bitmap", StringComparison.Ordinal));
        var scans = plan.Select((line, at) => (line, at))
            .Where(one => one.line.Contains("Index Scan using", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(scans);
        Assert.All(scans, one => Assert.Contains("Index Cond: ", plan[one.at + 1], StringComparison.Ordinal));
        var other = string.Create(CultureInfo.InvariantCulture, $"{SlotMonth.Of(slot - Duration.FromDays(40)).On("/*month*/")}");
        Assert.DoesNotContain(plan, line => line.Contains(other, StringComparison.Ordinal));
        Assert.DoesNotContain("deliveries d", statement, StringComparison.Ordinal);
    }

    private static async Task AMonthEarlierAsync(House house, string which, int months)
    {
        var ids = await house.ScalarAsync<long[]>($"select array_agg(id) from deliveries where {which}") ?? [];
        Assert.NotEmpty(ids);
        var list = string.Join(',', ids);
        await house.ExecuteAsync(
            $"select ensure_slot_partitions(min(due_slot) - interval '{months} months') from deliveries where id in ({list})"
        );
        await house.ExecuteAsync(
            $"""
            update deliveries set due_slot = due_slot - interval '{months} months' where id in ({list});
            update delivery_contents set due_slot = due_slot - interval '{months} months' where delivery_id in ({list})
            """
        );
    }
}
