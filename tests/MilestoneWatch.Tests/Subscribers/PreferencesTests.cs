using System.Text.RegularExpressions;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Subscribers;
using NodaTime;
using NodaTime.Text;

namespace MilestoneWatch.Tests.Subscribers;

public sealed partial class PreferencesTests(PostgresCluster cluster)
{
    private const string Reader = "reader@example.org";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Whatever_is_changed_and_paused_meanwhile_the_mails_tell_each_move_once_and_in_order(int seed)
    {
        var random = new Random(seed);
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "2031-01-01");
        await house.JoinAsync(Reader, Cadence.Weekly);
        await house.ExecuteAsync("update subscribers set nothing_changed = false");
        var last = "2031-01-01";
        for (var step = 0; step < 60; step++)
        {
            house.Clock.AdvanceMinutes(random.Next(1, 3 * 1440));
            switch (random.Next(7))
            {
                case 0 or 1:
                    last = LocalDatePattern.Iso.Format(new LocalDate(2031, 1, 2).PlusDays(step * 3));
                    await house.RescheduleAsync("site", last);
                    break;
                case 2:
                    await ChangeAsync(house, random);
                    break;
                case 3:
                    await PauseAsync(house, random);
                    break;
                case 4:
                    await ResumeAsync(house);
                    break;
                case 5:
                    // written, and not sent yet
                    while (await house.Mw.Digests.RunOnceAsync(CancellationToken.None)) { }
                    break;
                default:
                    await house.RunAsync();
                    break;
            }
        }
        await ResumeAsync(house);
        house.Clock.AdvanceDays(40);
        await house.RunAsync();

        var told = house.Mails().Select(mail => Moved.Match(mail.Subject!)).Where(match => match.Success).ToList();
        var chain = told.Select(match => match.Groups["from"].Value).Append(last);
        Assert.Equal(told.Select(match => match.Groups["to"].Value).Prepend("2031-01-01"), chain);
    }

    [Fact]
    public async Task A_pause_is_on_record_and_what_happened_meanwhile_is_told_in_one_mail_after_it()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "2031");
        var reader = await house.JoinAsync(Reader, Cadence.Weekly);
        await WithAsync(
            house,
            (connection, now) => Preferences.PauseAsync(connection, reader.Id, new LocalDate(2026, 6, 20), now, default)
        );
        await house.RunAtAsync("2026-06-01T06:00:00Z");
        await house.RescheduleAsync("site", "2032");
        await house.RunAtAsync("2026-06-08T06:00:00Z");
        await house.StatusAsync("site", Status.AtRisk);
        await house.RunAtAsync("2026-06-15T06:00:00Z");
        Assert.Empty(house.Mails());

        await house.RunAtAsync("2026-06-22T06:00:00Z");

        Assert.Equal("site moved from 2031 to 2032 (366 days later)", Assert.Single(house.Mails()).Subject);
        await using var connection = await house.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var decisions = await DecisionStore.OfAsync(connection, reader.Id, Instant.MinValue, CancellationToken.None);
        Assert.Equal(["paused", "paused", "paused", "digest 1"], decisions.Select(decision => decision.InWords()));
    }

    [Fact]
    public async Task A_mail_that_waits_is_not_sent_to_the_paused_and_is_told_later()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "2031");
        var reader = await house.JoinAsync(Reader, Cadence.Weekly);
        await house.RescheduleAsync("site", "2032");
        house.Clock.Reset(Instant.FromUtc(2026, 6, 1, 6, 0));
        Assert.True(await house.Mw.Digests.RunOnceAsync(TestContext.Current.CancellationToken));

        await WithAsync(house, (connection, now) => Preferences.PauseAsync(connection, reader.Id, null, now, default));
        await house.RunAsync();
        Assert.Empty(house.Mails());

        await WithAsync(house, (connection, now) => Preferences.ResumeAsync(connection, reader.Id, now, default));
        await house.RunAtAsync("2026-06-08T06:00:00Z");
        Assert.Equal("site moved from 2031 to 2032 (366 days later)", Assert.Single(house.Mails()).Subject);
    }

    [Fact]
    public async Task What_a_new_alert_reader_was_not_told_yet_comes_at_once()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "2031");
        await house.JoinAsync("other@example.org", Cadence.Immediate);
        var reader = await house.JoinAsync(Reader, Cadence.Monthly);
        await house.RescheduleAsync("site", "2032");
        house.Clock.AdvanceDays(1);
        await house.RunAsync();
        var before = house.Mails().Count;

        await WithAsync(
            house,
            (connection, now) =>
                Preferences.ChangeAsync(
                    connection,
                    reader.Id,
                    new Wanted(reader.Schedule with { Cadence = Cadence.Immediate }, reader.Topics, "en", true),
                    now,
                    default
                )
        );
        await house.RunAsync();

        Assert.Equal(before + 1, house.Mails().Count);
    }

    [Fact]
    public async Task A_zone_that_the_tz_database_dropped_holds_up_nobody()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "2031");
        await house.JoinAsync(Reader, Cadence.Daily);
        await house.JoinAsync("other@example.org", Cadence.Daily);
        await house.ExecuteAsync("update subscribers set zone = 'Europe/Atlantis' where id = 1");
        await house.RescheduleAsync("site", "2032");

        await house.RunAtAsync("2026-05-29T08:00:00Z");

        Assert.Equal(2, house.Mails().Count);
    }

    [Fact]
    public async Task Slots_that_another_tz_database_computed_are_computed_again_and_none_is_lost()
    {
        await using var house = await House.OpenAsync(cluster);
        await house.PromiseAsync("site", "2031");
        await house.JoinAsync(Reader, Cadence.Weekly);
        // as if the zone had been an hour off
        await house.ExecuteAsync("update subscribers set tz_version = 'TZDB: 1999a', next_due_at = next_due_at + interval '1 hour'");
        await house.RescheduleAsync("site", "2032");

        await house.RunAtAsync("2026-06-01T06:00:00Z");

        Assert.Single(house.Mails());
        Assert.Equal(DateTimeZoneProviders.Tzdb.VersionId, await house.ScalarAsync<string>("select tz_version from subscribers"));
    }

    private static async Task ChangeAsync(House house, Random random)
    {
        var reader = await FindAsync(house);
        var cadence = (Cadence)random.Next(4);
        string[] zones = ["Europe/Paris", "Pacific/Apia", "America/New_York"];
        var schedule = new Schedule(
            cadence,
            new LocalTime(random.Next(24), 30),
            cadence == Cadence.Weekly ? random.Next(1, 8) : random.Next(1, 29),
            DateTimeZoneProviders.Tzdb[zones[random.Next(zones.Length)]]
        );
        string[] topics = ["all", "acme", "site"];
        await WithAsync(
            house,
            async (connection, now) =>
            {
                var (known, _) = await SubscriberStore.TopicsAsync(connection, [topics[random.Next(3)]], default);
                await Preferences.ChangeAsync(connection, reader.Id, new Wanted(schedule, known, "en", false), now, default);
            }
        );
    }

    private static async Task PauseAsync(House house, Random random)
    {
        var reader = await FindAsync(house);
        var today = house.Clock.GetCurrentInstant().InZone(reader.Schedule.Zone).Date;
        var until = random.Next(2) == 0 ? today.PlusDays(random.Next(1, 15)) : (LocalDate?)null;
        await WithAsync(house, (connection, now) => Preferences.PauseAsync(connection, reader.Id, until, now, default));
    }

    private static async Task ResumeAsync(House house)
    {
        var reader = await FindAsync(house);
        await WithAsync(house, (connection, now) => Preferences.ResumeAsync(connection, reader.Id, now, default));
    }

    private static async Task<Subscriber> FindAsync(House house)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync();
        return (await SubscriberStore.FindAsync(connection, Reader, default))!;
    }

    private static async Task WithAsync(House house, Func<Npgsql.NpgsqlConnection, Instant, Task> act)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync();
        await act(connection, house.Clock.GetCurrentInstant());
    }

    [GeneratedRegex(@"^site moved from (?<from>\S+) to (?<to>\S+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Moved { get; }
}
