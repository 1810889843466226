using MilestoneWatch.Bounces;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Hosting;
using MilestoneWatch.Mail;
using MilestoneWatch.Subscribers;

namespace MilestoneWatch.Tests.Bounces;

public sealed class BounceRecordTests(PostgresCluster cluster)
{
    private const string Ada = "ada@example.org";
    private static readonly string[] Quarters = ["Q1 2027", "Q2 2027", "Q3 2027", "Q4 2027", "Q1 2028", "Q2 2028", "Q3 2028"];

    [Fact]
    public async Task After_a_hard_bounce_no_digest_is_written_and_an_undo_tells_everything_since()
    {
        await using var house = await MailedAsync();
        await RecordAsync(house, await Reports.OfLastAsync(house, "5.1.1", "550 5.1.1 user unknown"));
        var mails = house.Mails().Count;

        await NewsAsync(house, "2026-06-03", "Q1 2028");
        await NewsAsync(house, "2026-06-04", "Q2 2028");
        Assert.Equal(mails, house.Mails().Count);
        Assert.Equal(2, await house.ScalarAsync<int>("select count(*) from decisions where outcome = 'suppressed'"));

        Assert.True(await LiftAsync(house));
        await house.RunAtAsync("2026-06-05T09:00:00Z");
        Assert.Contains("Q2 2028", house.Mails()[^1].TextBody, StringComparison.Ordinal);
        Assert.Equal(mails + 1, house.Mails().Count);
    }

    [Fact]
    public async Task What_was_written_and_not_sent_yet_is_taken_back()
    {
        await using var house = await MailedAsync();
        var report = await Reports.OfLastAsync(house, "5.1.1", "550 5.1.1 user unknown");
        house.Clock.Reset(At("2026-06-03T07:00:00Z"));
        await house.RescheduleAsync("site", "Q2 2028");
        while (await house.Mw.Digests.RunOnceAsync(CancellationToken.None)) { }
        Assert.Equal(1, await house.ScalarAsync<int>("select count(*) from deliveries where state = 'ready'"));

        await RecordAsync(house, report);

        Assert.Equal(0, await house.ScalarAsync<int>("select count(*) from deliveries where state = 'ready'"));
        await LiftAsync(house);
        await house.RunAtAsync("2026-06-04T09:00:00Z");
        Assert.Contains("Q2 2028", house.Mails()[^1].TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alert_reader_whose_address_is_bad_keeps_nobody_busy()
    {
        await using var house = await MailedAsync(Cadence.Immediate);
        await RecordAsync(house, await Reports.OfLastAsync(house, "5.1.1", "550 5.1.1 user unknown"));
        var mails = house.Mails().Count;

        await NewsAsync(house, "2026-06-03", "Q1 2028");
        await house.RunAtAsync("2026-06-03T12:00:00Z");
        Assert.Equal(mails, house.Mails().Count);

        await LiftAsync(house);
        await house.RunAsync();
        Assert.Contains("Q1 2028", house.Mails()[^1].TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_without_proof_changes_nothing()
    {
        await using var house = await MailedAsync();

        var hard = await RecordAsync(
            house,
            await Reports.OfLastAsync(house, "5.1.1", "550 5.1.1 user unknown", to: "milestonewatch@localhost")
        );
        var complaint = await RecordAsync(house, Reports.Complaint("milestonewatch@localhost", Ada));

        Assert.Equal((true, null, false), (hard.Counted, hard.Proof, hard.Suppressed));
        Assert.False(complaint.Suppressed);
        Assert.Equal(0, await house.ScalarAsync<int>("select count(*) from suppressions"));
        Assert.Equal(2, await house.ScalarAsync<int>("select count(*) from bounces where proof is null"));
    }

    [Fact]
    public async Task A_link_in_the_mail_that_came_back_is_a_proof_until_it_is_outdated()
    {
        await using var house = await MailedAsync();
        var leave = house.Mails()[^1].Headers["List-Unsubscribe"];
        var outdated = Reports.Report(
            "milestonewatch@localhost",
            Ada,
            "5.1.1",
            "550 user unknown",
            $"List-Unsubscribe: {leave}\nSubject: one"
        );
        var report = Reports.Report(
            "milestonewatch@localhost",
            Ada,
            "5.1.1",
            "550 user unknown",
            $"List-Unsubscribe: {leave}\nSubject: two"
        );

        await house.ExecuteAsync("update subscribers set link_generation = link_generation + 1");
        Assert.Null((await RecordAsync(house, outdated)).Proof);
        await house.ExecuteAsync("update subscribers set link_generation = link_generation - 1");

        var recorded = await RecordAsync(house, report);
        Assert.Equal(("link", Ada, true), (recorded.Proof, recorded.About, recorded.Suppressed));
    }

    [Fact]
    public async Task The_address_we_mailed_is_suppressed_not_the_one_it_was_forwarded_to()
    {
        await using var house = await MailedAsync();

        var recorded = await RecordAsync(house, await Reports.OfLastAsync(house, "5.1.1", "550 user unknown", "ada@elsewhere.example"));

        Assert.Equal((Ada, true), (recorded.About, recorded.Suppressed));
        Assert.Equal(Ada, await house.ScalarAsync<string>("select address from suppressions"));
    }

    [Fact]
    public async Task The_same_report_by_two_doors_counts_once()
    {
        await using var house = await MailedAsync();
        var report = await Reports.OfLastAsync(house, "4.2.2", "452 mailbox full");
        byte[] withReturns = [.. report.SelectMany(letter => letter == '\n' ? "\r\n"u8.ToArray() : [letter])];

        var first = await RecordAsync(house, report);
        var again = await RecordAsync(house, withReturns, trusted: true);

        Assert.Equal((true, false), (first.Counted, again.Counted));
        Assert.Equal(1, await house.ScalarAsync<int>("select count(*) from bounces"));
    }

    [Fact]
    public async Task A_report_that_came_without_proof_counts_when_it_comes_with_one()
    {
        await using var house = await MailedAsync();
        var report = await Reports.OfLastAsync(house, "5.1.1", "550 user unknown", to: "milestonewatch@localhost");

        Assert.False((await RecordAsync(house, report)).Suppressed);
        Assert.True((await RecordAsync(house, report, trusted: true)).Suppressed);
        Assert.False((await RecordAsync(house, report, trusted: true)).Counted);
    }

    [Fact]
    public async Task Ten_at_once_with_the_same_report_count_it_once()
    {
        await using var house = await MailedAsync();
        var report = await Reports.OfLastAsync(house, "5.1.1", "550 user unknown");

        var recorded = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => RecordAsync(house, report)));

        Assert.Single(recorded, one => one.Counted);
        Assert.Equal(1, await house.ScalarAsync<int>("select count(*) from suppressions"));
    }

    [Fact]
    public async Task The_third_soft_bounce_in_a_row_suppresses()
    {
        await using var house = await MailedAsync();
        for (var day = 3; day <= 5; day++)
        {
            Assert.Equal(0, await house.ScalarAsync<int>("select count(*) from suppressions"));
            await RecordAsync(house, await Reports.OfLastAsync(house, "4.2.2", "452 mailbox full"));
            await NewsAsync(house, $"2026-06-0{day}", Quarters[day - 3]);
        }

        Assert.Equal("soft", await house.ScalarAsync<string>("select reason from suppressions"));
    }

    [Fact]
    public async Task A_mail_that_stays_takes_one_soft_bounce_back()
    {
        await using var house = await MailedAsync();
        foreach (var (day, back) in new[] { (3, true), (4, true), (5, false), (6, true), (7, false), (8, true) })
        {
            if (back)
            {
                await RecordAsync(house, await Reports.OfLastAsync(house, "4.2.2", "452 mailbox full"));
            }
            await NewsAsync(house, $"2026-06-0{day}", Quarters[day - 3]);
        }

        Assert.Equal(0, await house.ScalarAsync<int>("select count(*) from suppressions"));
        Assert.Equal(2, SoftBounces.Count([true, true, false, true]));
        Assert.Equal(1, SoftBounces.Count([false, false, true]));
    }

    [Fact]
    public async Task Two_reports_on_one_mail_are_one_soft_bounce()
    {
        await using var house = await MailedAsync();
        for (var i = 0; i < 5; i++)
        {
            await RecordAsync(house, await Reports.OfLastAsync(house, "4.2.2", "452 mailbox full"));
        }

        Assert.Equal(0, await house.ScalarAsync<int>("select count(*) from suppressions"));
    }

    [Fact]
    public async Task A_late_report_says_nothing_of_an_address_that_was_mended_since()
    {
        await using var house = await MailedAsync();
        await RecordAsync(house, await Reports.OfLastAsync(house, "5.1.1", "550 user unknown"));
        var late = await Reports.OfLastAsync(house, "5.1.1", "550 user unknown, once more");
        // the pump settles by the database's clock
        await house.ExecuteAsync("update deliveries set settled_at = created_at");
        house.Clock.Reset(At("2026-06-02T12:00:00Z"));
        await LiftAsync(house);

        var recorded = await RecordAsync(house, late);

        Assert.Equal((true, false), (recorded.Counted, recorded.Suppressed));
    }

    [Fact]
    public async Task Whoever_complained_gets_no_confirmation()
    {
        await using var house = await MailedAsync();
        await using var connection = await house.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        Assert.True(Mailbox.TryRead("eve@example.org", out var eve));
        await SuppressionStore.SuppressAsync(
            connection,
            eve,
            Suppression.Complaint,
            "abuse",
            house.Clock.GetCurrentInstant(),
            CancellationToken.None
        );
        var mails = house.Mails().Count;
        var schedule = new Schedule(Cadence.Daily, new NodaTime.LocalTime(8, 0), 0, House.Paris);

        var request = new JoinRequest("Eve@example.org", schedule, ["all"], "en");
        Assert.Null(await Joining.RequestAsync(house.Mw, request, "192.0.2.1", CancellationToken.None));
        await house.RunAsync();
        Assert.Equal(mails, house.Mails().Count);
        await Assert.ThrowsAsync<RefusedException>(() => house.JoinAsync("eve@example.org", Cadence.Daily));

        await SuppressionStore.LiftAsync(connection, eve, "she asked", house.Clock.GetCurrentInstant(), CancellationToken.None);
        Assert.Null(await Joining.RequestAsync(house.Mw, request, "192.0.2.1", CancellationToken.None));
        await house.RunAsync();
        Assert.Equal(mails + 1, house.Mails().Count);
    }

    [Fact]
    public async Task A_relay_that_knows_no_such_user_suppresses_at_once()
    {
        await using var house = await MailedAsync();
        await using var connection = await house.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var now = house.Clock.GetCurrentInstant();

        Assert.False(await SuppressionStore.FromReplyAsync(connection, Ada, 550, "5.7.1 spam", now, CancellationToken.None));
        Assert.True(
            await SuppressionStore.FromReplyAsync(connection, "Ada@Example.org", 550, "5.1.1 no such user", now, CancellationToken.None)
        );
        Assert.False(await SuppressionStore.FromReplyAsync(connection, Ada, 550, "5.1.1 no such user", now, CancellationToken.None));
        Assert.Equal("5.1.1 no such user", await house.ScalarAsync<string>("select evidence from suppressions"));
    }

    [Fact]
    public async Task An_export_shows_what_came_back_and_erasing_deletes_it()
    {
        await using var house = await MailedAsync();
        await RecordAsync(house, await Reports.OfLastAsync(house, "5.1.1", "550 user unknown"));
        await using var connection = await house.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var id = (await SubscriberStore.FindAsync(connection, Ada, CancellationToken.None))!.Id;

        var data = (await ReaderData.ExportAsync(connection, id, house.Clock.GetCurrentInstant(), CancellationToken.None))!;
        Assert.Equal("hard", data["suppressions"]![0]!["reason"]!.GetValue<string>());
        Assert.Equal("return_path", data["bounces"]![0]!["proof"]!.GetValue<string>());

        await ReaderData.EraseAsync(connection, id, CancellationToken.None);
        Assert.Equal(0, await house.ScalarAsync<int>("select (select count(*) from suppressions) + (select count(*) from bounces)"));
    }

    private static NodaTime.Instant At(string instant) => NodaTime.Text.InstantPattern.ExtendedIso.Parse(instant).Value;

    private static Task<RecordedBounce> RecordAsync(House house, byte[] report, bool trusted = false) =>
        BounceRecord.RecordAsync(house.Mw, report, trusted, CancellationToken.None);

    private static async Task<bool> LiftAsync(House house)
    {
        Assert.True(Mailbox.TryRead(Ada, out var mailbox));
        await using var connection = await house.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        return await SuppressionStore.LiftAsync(connection, mailbox, "mended", house.Clock.GetCurrentInstant(), CancellationToken.None);
    }

    private static async Task NewsAsync(House house, string day, string phrase)
    {
        house.Clock.Reset(At($"{day}T05:00:00Z"));
        await house.RescheduleAsync("site", phrase);
        await house.RunAtAsync($"{day}T09:00:00Z");
    }

    // one reader, who has had one mail
    private async Task<House> MailedAsync(Cadence cadence = Cadence.Daily)
    {
        var house = await House.OpenAsync(cluster, "2026-06-01T08:00:00Z");
        await house.PromiseAsync("site", "Q4 2026");
        await house.JoinAsync(Ada, cadence);
        await NewsAsync(house, "2026-06-02", "Q4 2027");
        Assert.Single(house.Mails());
        return house;
    }
}
