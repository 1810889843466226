using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Record;
using MilestoneWatch.Subscribers;
using NodaTime;
using Npgsql;

namespace MilestoneWatch.Tests.Digests;

public sealed class DigestPassTests(PostgresCluster cluster)
{
    [Fact]
    public async Task Readers_who_read_the_same_share_one_rendering_over_all_batches()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q4 2026");
        await house.CrowdAsync(2_100);
        await house.RescheduleAsync("site", "Q1 2027");
        house.Clock.Reset(Instant.FromUtc(2026, 5, 29, 6, 0));

        var batches = 0;
        while (await house.Mw.Digests.RunOnceAsync(CancellationToken.None))
        {
            batches++;
        }

        Assert.Equal(3, batches);
        Assert.Equal(1, await house.ScalarAsync<long>("select count(*) from audiences"));
        Assert.Equal(2_100, await house.ScalarAsync<long>("select count(*) from deliveries where audience_id = 1"));
    }

    [Theory]
    [InlineData(Cadence.Weekly)]
    [InlineData(Cadence.Daily)]
    [InlineData(Cadence.Monthly)]
    [InlineData(Cadence.Immediate)]
    public async Task A_moved_date_and_a_changed_status_reach_every_cadence_once(Cadence cadence)
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q4 2026");
        await house.PromiseAsync("plant", "2027");
        await house.JoinAsync("reader@example.org", cadence);
        await house.RescheduleAsync("site", "Q1 2027");
        await house.StatusAsync("plant", Status.Delayed);

        foreach (var day in Enumerable.Range(1, 40))
        {
            house.Clock.AdvanceDays(1);
            await house.RunAsync();
        }

        // four weeks later comes the sign of life
        var mail = Assert.Single(house.Mails(), one => !one.Subject!.StartsWith("Nothing changed", StringComparison.Ordinal));
        Assert.Equal("site moved from Q4 2026 to Q1 2027 (90 days later), and 1 more", mail.Subject);
        Assert.Contains("planned → delayed", mail.TextBody);
    }

    [Fact]
    public async Task Nothing_new_is_decided_and_shown_without_a_mail()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q4 2026");
        var reader = await house.JoinAsync("reader@example.org", Cadence.Weekly);

        await house.RunAtAsync("2026-06-01T06:00:00Z");

        await using var connection = await house.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var decision = Assert.Single(await DecisionStore.OfAsync(connection, reader.Id, Instant.MinValue, CancellationToken.None));
        Assert.Equal(("nothing had changed", Instant.FromUtc(2026, 6, 1, 6, 0)), (decision.InWords(), decision.DueSlot));
        Assert.Equal(0, await house.ScalarAsync<long>("select count(*) from deliveries"));
    }

    [Fact]
    public async Task What_was_undone_before_the_mail_is_not_in_it()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q4 2026");
        await house.PromiseAsync("plant", "2027");
        await house.JoinAsync("reader@example.org", Cadence.Weekly);
        await house.RescheduleAsync("site", "Q1 2027");
        await house.RescheduleAsync("site", "Q4 2026");
        var slip = Assert.IsType<RecordOutcome.Recorded>(await house.RescheduleAsync("plant", "2028"));
        await house.Mw.Recorder.RetractAsync(slip.Position, "a typo", "ana", CancellationToken.None);

        await house.RunAtAsync("2026-06-01T06:00:00Z");

        Assert.Empty(house.Mails());
        Assert.Equal("nothing_new", await house.ScalarAsync<string>("select outcome from decisions"));
    }

    [Fact]
    public async Task After_three_weeks_down_one_digest_tells_it_all()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q4 2026");
        await house.JoinAsync("reader@example.org", Cadence.Daily);
        await house.RescheduleAsync("site", "Q1 2027");
        house.Clock.AdvanceDays(10);
        await house.StatusAsync("site", Status.AtRisk);
        house.Clock.AdvanceDays(11);

        await house.RunAsync();

        Assert.Contains("planned → at risk", Assert.Single(house.Mails()).TextBody);
    }

    [Fact]
    public async Task Who_joins_later_is_told_nothing_from_before()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q4 2026");
        await house.RescheduleAsync("site", "Q1 2027");
        await house.JoinAsync("reader@example.org", Cadence.Daily);

        await house.RunAtAsync("2026-05-29T06:00:00Z");

        Assert.Empty(house.Mails());
    }

    [Fact]
    public async Task Topics_are_milestones_or_subjects()
    {
        await using var house = await Replayed.AtOnceAsync(cluster, "2026-06-04T08:00:00Z");
        await house.PromiseAsync("site", "Q4 2026");
        await house.PromiseAsync("plant", "2027");
        await house.JoinAsync("site@example.org", Cadence.Daily, "site");
        await house.JoinAsync("acme@example.org", Cadence.Daily, "acme");
        await house.JoinAsync("both@example.org", Cadence.Daily, "plant,mistral-ai");
        await house.RescheduleAsync("plant", "2028");
        await house.RescheduleAsync("borlange-opening", "2028");

        await house.RunAtAsync("2026-06-05T06:00:00Z");

        Assert.Equal(
            [
                "acme@example.org: plant moved from 2027 to 2028 (366 days later)",
                "both@example.org: Borlänge moved from 2027 to 2028 (366 days later), and 1 more",
            ],
            house.Mails().Select(mail => $"{mail.To}: {mail.Subject}").Order()
        );
        Assert.Contains(
            "You follow The plant, Mistral AI, every day at 08:00.",
            house.Mails().Single(mail => mail.To.ToString() == "both@example.org").TextBody
        );
    }

    [Fact]
    public async Task The_same_audience_is_written_once()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q4 2026");
        await house.JoinAsync("a@example.org", Cadence.Daily);
        await house.JoinAsync("b@example.org", Cadence.Weekly, day: 5);
        await house.RescheduleAsync("site", "Q1 2027");
        await house.JoinAsync("later@example.org", Cadence.Daily);
        await house.StatusAsync("site", Status.AtRisk);

        await house.RunAtAsync("2026-05-29T06:00:00Z");

        Assert.Equal(3, house.Mails().Count);
        Assert.Equal(2, await house.ScalarAsync<long>("select count(*) from audiences"));
        Assert.Equal("site: now at risk", house.Mails().Single(mail => mail.To.ToString() == "later@example.org").Subject);
    }

    [Fact]
    public async Task Readers_who_were_told_on_different_days_are_corrected_each_with_their_own()
    {
        await using var house = await House.OpenAsync(cluster, "2026-05-30T08:00:00Z");
        await house.PromiseAsync("site", "Q4 2026");
        await house.PromiseAsync("plant", "2027");
        await house.JoinAsync("daily@example.org", Cadence.Daily);
        await house.JoinAsync("weekly@example.org", Cadence.Weekly);
        var moved = Assert.IsType<RecordOutcome.Recorded>(await house.RescheduleAsync("site", "Q1 2027"));
        await house.RunAtAsync("2026-05-31T06:00:00Z");
        await house.RunAtAsync("2026-06-01T06:00:00Z");
        await house.RunAtAsync("2026-06-07T08:00:00Z");
        await house.RescheduleAsync("plant", "2028");
        await house.RunAtAsync("2026-06-08T06:00:00Z");
        await house.RunAtAsync("2026-06-14T08:00:00Z");
        await house.Mw.Recorder.RetractAsync(moved.Position, "a typo", "ana", CancellationToken.None);

        await house.RunAtAsync("2026-06-15T06:00:00Z");

        Assert.Equal(
            ["daily@example.org: 31 May", "weekly@example.org: 1 June"],
            house
                .Mails()
                .Where(mail => mail.Subject!.StartsWith("Correction", StringComparison.Ordinal))
                .Select(mail => $"{mail.To}: {mail.TextBody!.Split("told you on ")[1].Split(':')[0]}")
                .Order()
        );
    }

    [Fact]
    public async Task A_date_that_we_got_wrong_is_never_what_it_moved_from()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        await house.JoinAsync("reader@example.org", Cadence.Daily);
        var wrong = Assert.IsType<RecordOutcome.Recorded>(await house.RescheduleAsync("site", "Q4 2026"));
        await house.RunAtAsync("2026-05-29T06:00:00Z");
        await house.Mw.Recorder.RetractAsync(wrong.Position, "a typo", "ana", CancellationToken.None);
        await house.RescheduleAsync("site", "Q1 2027");

        await house.RunAtAsync("2026-05-30T06:00:00Z");

        Assert.Contains("Was     Q3 2026, until 30 September 2026", house.Mails()[^1].TextBody);
    }

    [Fact]
    public async Task A_look_that_is_withdrawn_corrects_nothing()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q3 2026");
        var look = await house.RecordAsync(new RecordRequest("site", new Domain.Ledger.Looked(), "ana"));
        await house.JoinAsync("reader@example.org", Cadence.Daily);
        await house.Mw.Recorder.RetractAsync(look, "another site", "ana", CancellationToken.None);

        await house.RunAtAsync("2026-05-29T06:00:00Z");

        Assert.Empty(house.Mails());
    }

    [Fact]
    public async Task Three_processes_tell_two_hundred_readers_once()
    {
        await using var house = await House.OpenAsync(cluster);
        await using var second = await house.AnotherAsync();
        await using var third = await house.AnotherAsync();
        await house.PromiseAsync("site", "Q4 2026");
        await house.CrowdAsync(200);
        await house.RescheduleAsync("site", "Q1 2027");
        house.Clock.AdvanceDays(1);

        await Task.WhenAll(
            new[] { house.Mw, second, third }
                .SelectMany(mw => new[] { mw, mw })
                .Select(async mw =>
                {
                    while (await mw.Digests.RunOnceAsync(CancellationToken.None)) { }
                })
        );

        Assert.Equal(
            (200L, 200L, 200L, 0L),
            (
                await house.ScalarAsync<long>("select count(*) from deliveries"),
                await house.ScalarAsync<long>("select count(distinct recipient) from deliveries"),
                await house.ScalarAsync<long>("select count(*) from decisions where outcome = 'sent'"),
                await house.ScalarAsync<long>(
                    "select count(*) from subscribers where digest_number <> 1 or position <> (select max(position) from entries)"
                )
            )
        );
    }

    [Fact]
    public async Task A_reader_is_moved_and_told_together_or_not_at_all()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "Q4 2026");
        await house.JoinAsync("reader@example.org", Cadence.Daily);
        await house.RescheduleAsync("site", "Q1 2027");
        house.Clock.AdvanceDays(1);
        var before = await StateAsync(house);
        await house.ExecuteAsync(
            """
            create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$;
            create trigger refuse before insert on deliveries for each row execute function refuse();
            """
        );

        await Assert.ThrowsAsync<PostgresException>(() => house.Mw.Digests.RunOnceAsync(CancellationToken.None));

        Assert.Equal(before, await StateAsync(house));
        Assert.Equal(0, await house.ScalarAsync<long>("select count(*) from audiences"));
        await house.ExecuteAsync("drop trigger refuse on deliveries");
        await house.RunAsync();
        Assert.Single(house.Mails());
    }

    private static Task<string?> StateAsync(House house) =>
        house.ScalarAsync<string>(
            """
            select concat_ws('|', position, digest_number, last_digest_at, next_due_at,
                (select count(*) from decisions), (select count(*) from deliveries)) from subscribers
            """
        );
}
