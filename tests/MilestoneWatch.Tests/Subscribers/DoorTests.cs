using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Hosting;
using MilestoneWatch.Subscribers;
using NodaTime;

namespace MilestoneWatch.Tests.Subscribers;

/// <summary>What is asked for at the door is answered by mail, within limits that all replicas share.</summary>
public sealed class DoorTests(PostgresCluster cluster)
{
    private static readonly Schedule Weekly = new(Cadence.Weekly, new LocalTime(8, 0), 1, House.Paris);

    [Fact]
    public async Task Who_is_unknown_gets_one_link_and_reads_nothing_before_the_button()
    {
        await using var house = await OpenAsync();

        Assert.Null(await RequestAsync(house.Mw));
        await house.RunAsync();

        Assert.Equal("Confirm your MilestoneWatch subscription", Assert.Single(house.Mails()).Subject);
        Assert.Equal("pending", await house.ScalarAsync<string>("select state from subscribers"));
        Assert.Equal(0, await house.ScalarAsync<long>("select count(*) from join_requests"));
    }

    [Fact]
    public async Task Asking_again_replaces_the_wishes_and_brings_one_mail_a_day()
    {
        await using var house = await OpenAsync();
        await RequestAsync(house.Mw);
        await house.RunAsync();

        for (var hour = 1; hour < 24; hour++)
        {
            house.Clock.AdvanceHours(1);
            await RequestAsync(house.Mw, schedule: Weekly with { Cadence = Cadence.Daily }, language: "fr");
            await house.RunAsync();
        }
        Assert.Single(house.Mails());
        Assert.Equal("daily fr", await house.ScalarAsync<string>("select cadence || ' ' || language from subscribers"));

        house.Clock.AdvanceHours(1);
        await RequestAsync(house.Mw);
        await house.RunAsync();
        Assert.Equal(2, house.Mails().Count);
    }

    [Theory]
    [InlineData("active")]
    [InlineData("paused")]
    public async Task Who_reads_already_gets_their_settings_link_and_keeps_their_wishes(string state)
    {
        await using var house = await OpenAsync();
        await house.JoinAsync("ada@example.org", Cadence.Weekly);
        await house.ExecuteAsync($"update subscribers set state = '{state}'");

        await RequestAsync(house.Mw, "Ada@Example.org", Weekly with { Cadence = Cadence.Daily });
        await house.RunAsync();

        var mail = Assert.Single(house.Mails());
        Assert.Equal("You already get MilestoneWatch’s mails", mail.Subject);
        Assert.Contains("/settings/", mail.TextBody, StringComparison.Ordinal);
        Assert.Equal($"{state} weekly", await house.ScalarAsync<string>("select state || ' ' || cadence from subscribers"));
    }

    [Fact]
    public async Task Who_left_is_asked_again_and_their_old_link_is_dead()
    {
        await using var house = await OpenAsync();
        var before = await house.JoinAsync("ada@example.org", Cadence.Weekly);
        await house.ExecuteAsync("update subscribers set state = 'left', left_at = now()");

        await RequestAsync(house.Mw);
        await house.RunAsync();

        Assert.Equal("Confirm your MilestoneWatch subscription", Assert.Single(house.Mails()).Subject);
        Assert.Equal("pending", await house.ScalarAsync<string>("select state from subscribers"));
        Assert.Equal(before.LinkGeneration + 1, await house.ScalarAsync<int>("select link_generation from subscribers"));
    }

    [Fact]
    public async Task The_same_statements_run_for_every_address()
    {
        await using var house = await OpenAsync();
        await house.JoinAsync("ada@example.org", Cadence.Weekly);

        Assert.Null(await RequestAsync(house.Mw, "ada@example.org"));
        Assert.Null(await RequestAsync(house.Mw, "nobody@example.org"));

        // all that the door leaves behind: who is known is looked up later, where nobody waits for the answer
        Assert.Equal(2, await house.ScalarAsync<long>("select count(*) from join_requests where cadence = 'weekly' and topics = '{all}'"));
        Assert.Equal(1, await house.ScalarAsync<long>("select count(*) from subscribers"));
        Assert.Equal(0, await house.ScalarAsync<long>("select count(*) from deliveries"));
    }

    [Fact]
    public async Task Two_passes_at_once_answer_each_request_once()
    {
        await using var house = await OpenAsync();
        await using var other = await house.AnotherAsync();
        for (var i = 0; i < 20; i++)
        {
            await RequestAsync(house.Mw, $"reader{i}@example.org");
        }

        await Task.WhenAll(house.Mw.Joins.RunOnceAsync(CancellationToken.None), other.Joins.RunOnceAsync(CancellationToken.None));
        await house.RunAsync();

        Assert.Equal(20, house.Mails().Count);
        Assert.Equal(20, house.Mails().Select(mail => mail.To.ToString()).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Who_never_confirms_is_forgotten_when_the_link_has_expired()
    {
        await using var house = await OpenAsync();
        await RequestAsync(house.Mw);
        await house.RunAsync();

        house.Clock.AdvanceDays(3);
        await house.RunAsync();

        Assert.Equal(0, await house.ScalarAsync<long>("select count(*) from subscribers"));
        Assert.Equal(0, await house.ScalarAsync<long>("select count(*) from deliveries"));
    }

    [Fact]
    public async Task A_network_waits_for_its_next_hour_and_others_do_not()
    {
        await using var house = await OpenAsync();
        for (var i = 0; i < JoinLimits.PerNetwork; i++)
        {
            Assert.Null(await RequestAsync(house.Mw, $"reader{i}@example.org"));
        }

        house.Clock.AdvanceMinutes(15);
        Assert.Equal(Duration.FromMinutes(45), await RequestAsync(house.Mw, "one.more@example.org"));
        Assert.Null(await RequestAsync(house.Mw, "one.more@example.org", network: "elsewhere"));
        house.Clock.AdvanceMinutes(45);
        Assert.Null(await RequestAsync(house.Mw, "one.more@example.org"));
    }

    [Fact]
    public async Task A_domains_mails_beyond_its_limit_wait_for_the_next_hour_and_are_not_lost()
    {
        await using var house = await OpenAsync();
        const int Extra = 5;
        for (var i = 0; i < JoinLimits.PerDomain + Extra; i++)
        {
            await RequestAsync(house.Mw, $"reader{i}@example.org", network: $"{i}");
        }
        await RequestAsync(house.Mw, "reader@example.net", network: "other");

        await house.RunAsync();
        Assert.Equal(JoinLimits.PerDomain + 1, house.Mails().Count);
        Assert.Equal(Extra, await house.ScalarAsync<long>("select count(*) from join_requests"));

        house.Clock.AdvanceHours(1);
        await house.RunAsync();
        Assert.Equal(JoinLimits.PerDomain + Extra + 1, house.Mails().Count);
    }

    [Fact]
    public async Task Ten_thousand_requests_over_three_installations_stay_within_the_limits()
    {
        await using var house = await OpenAsync();
        await using var second = await house.AnotherAsync();
        await using var third = await house.AnotherAsync();
        Installation[] replicas = [house.Mw, second, third];

        var answers = new List<Duration?>[replicas.Length];
        await Task.WhenAll(
            Enumerable
                .Range(0, replicas.Length)
                .Select(async replica =>
                {
                    answers[replica] = [];
                    for (var i = replica; i < 10_000; i += replicas.Length)
                    {
                        // a third from one network, the rest from a thousand; each address three times, over fifty domains
                        var network = i % 3 == 0 ? "busy" : $"network {i % 1000}";
                        var email = $"reader{i / 3}@example{i / 3 % 50}.org";
                        answers[replica].Add(await RequestAsync(replicas[replica], email, network: network));
                    }
                })
        );
        await Task.WhenAll(
            replicas.Select(async replica =>
            {
                while (await replica.Joins.RunOnceAsync(CancellationToken.None)) { }
            })
        );

        Assert.Equal(10_000, answers.Sum(list => list.Count));
        Assert.Equal(JoinLimits.Overall, answers.Sum(list => list.Count(wait => wait is null)));
        Assert.InRange(await house.ScalarAsync<long>("select max(n) from (select count(*) as n from deliveries group by address) x"), 1, 1);
        Assert.InRange(
            await house.ScalarAsync<long>(
                "select max(n) from (select count(*) as n from deliveries group by split_part(address, '@', 2)) x"
            ),
            1,
            JoinLimits.PerDomain
        );
        Assert.InRange(await house.ScalarAsync<long>("select max(used) from limits where used <= 30"), 1, JoinLimits.PerNetwork);
    }

    [Fact]
    public async Task What_is_counted_names_nobody_and_is_forgotten_when_the_window_has_ended()
    {
        await using var house = await OpenAsync();
        await RequestAsync(house.Mw, "ada@example.org", network: "c0000201/24");
        await house.RunAsync();

        var kept = await house.ScalarAsync<string>(
            "select string_agg(convert_from(decode(encode(bucket, 'hex'), 'escape'), 'LATIN1'), ' ') from limits"
        );
        Assert.DoesNotContain("ada", kept, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(4, await house.ScalarAsync<long>("select count(*) from limits where length(bucket) = 16"));

        house.Clock.AdvanceDays(1);
        await house.RunAsync();
        Assert.Equal(0, await house.ScalarAsync<long>("select count(*) from limits"));
    }

    [Fact]
    public async Task A_request_that_cannot_be_answered_is_put_off_and_holds_up_nobody()
    {
        await using var house = await OpenAsync();
        await RequestAsync(house.Mw, "poison@example.org");
        await RequestAsync(house.Mw, "ada@example.org");
        await house.ExecuteAsync("update join_requests set zone = 'Nowhere/Gone' where email like 'poison%'");

        await house.RunAsync();

        Assert.Equal("ada@example.org", Assert.Single(house.Mails()).To.ToString());
        Assert.Equal(1, await house.ScalarAsync<long>("select count(*) from join_requests"));
    }

    [Fact]
    public async Task Keys_of_before_lose_their_needless_quotes_unless_both_joined()
    {
        await using var house = await OpenAsync();
        await house.JoinAsync("ada@example.org", Cadence.Weekly);
        await house.JoinAsync("bob@example.org", Cadence.Weekly);
        await house.ExecuteAsync("update subscribers set email_key = '\"BOB\"@EXAMPLE.ORG' where email like 'bob%'");
        await house.ExecuteAsync(
            "insert into subscribers (email, email_key, state, cadence, at_time, day, zone, position, tz_version, created_at) "
                + "select email, '\"ADA\"@EXAMPLE.ORG', state, cadence, at_time, day, zone, position, tz_version, created_at from subscribers where email like 'ada%'"
        );
        await using var stream = typeof(Installation).Assembly.GetManifestResourceStream("sql.V0004__joining.sql")!;
        using var reader = new StreamReader(stream);
        var sql = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        await house.ExecuteAsync(sql[sql.IndexOf("update subscribers s", StringComparison.Ordinal)..]);

        Assert.Equal(
            "\"ADA\"@EXAMPLE.ORG ADA@EXAMPLE.ORG BOB@EXAMPLE.ORG",
            await house.ScalarAsync<string>("select string_agg(email_key, ' ' order by email_key collate \"C\") from subscribers")
        );
    }

    private async Task<House> OpenAsync()
    {
        var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q4 2026");
        return house;
    }

    private static Task<Duration?> RequestAsync(
        Installation mw,
        string email = "ada@example.org",
        Schedule? schedule = null,
        string language = "en",
        string network = "net"
    ) => Joining.RequestAsync(mw, new JoinRequest(email, schedule ?? Weekly, ["all"], language), network, CancellationToken.None);
}
