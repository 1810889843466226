using MilestoneWatch.Delivery;
using MilestoneWatch.Tests.Mail;

namespace MilestoneWatch.Tests.Delivery;

public sealed class PaceTests(PostgresCluster cluster)
{
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Replicas_that_reserve_at_once_get_places_one_after_the_other()
    {
        await using var house = await House.OpenAsync(cluster);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => ReserveAsync(house, "relay", 10)));

        // 300 places of a second each, less what has passed meanwhile
        Assert.InRange(await LeftAsync(house, "relay"), 250, 300);
    }

    [Fact]
    public async Task Idle_time_is_not_saved_up_for_a_burst()
    {
        await using var house = await House.OpenAsync(cluster);
        await ReserveAsync(house, "relay", 1);
        await house.ExecuteAsync("update paces set next_at = clock_timestamp() - interval '1 hour'");

        var end = await ReserveAsync(house, "relay", 5);

        Assert.InRange(end.TotalSeconds, 4.9, 5);
    }

    [Fact]
    public async Task What_its_domain_makes_wait_is_put_off_and_others_go_first()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 20, more: ("Smtp:RatePerDomain", "0.01"));
        await house.ExecuteAsync("update deliveries set address = 'one@other.example' where id = (select max(id) from deliveries)");

        await house.PumpAsync();

        Assert.Equal("ready: 18, sent: 2", await house.StatesAsync());
        Assert.Contains(relay.Mails, mail => mail.To.Contains("one@other.example", StringComparison.Ordinal));
        Assert.Equal(
            "18 of 18, up to 1800 s",
            await house.ScalarAsync<string>(
                """
                select count(*) filter (where paced) || ' of ' || count(*) || ', up to '
                    || round(extract(epoch from max(next_attempt_at) - clock_timestamp()) / 100) * 100 || ' s'
                from deliveries where state = 'ready'
                """
            )
        );
    }

    [Fact]
    public async Task What_has_waited_for_its_place_goes_without_another()
    {
        await using var relay = new ScriptedSmtpServer();
        await using var house = await Post.ReadyAsync(cluster, relay, readers: 2, more: ("Smtp:RatePerDomain", "0.01"));
        await house.PumpAsync();
        Assert.Equal("ready: 1, sent: 1", await house.StatesAsync());

        await house.WaitNoMoreAsync();
        await house.PumpAsync();

        Assert.Equal("sent: 2", await house.StatesAsync());
    }

    private static async Task<TimeSpan> ReserveAsync(House house, string line, int places)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal) { [line] = places };
        return (await PaceStore.ReserveAsync(connection, lines, Gap, CancellationToken.None))[line];
    }

    private static Task<double> LeftAsync(House house, string line) =>
        house.ScalarAsync<double>($"select extract(epoch from next_at - clock_timestamp())::float8 from paces where name = '{line}'");
}
