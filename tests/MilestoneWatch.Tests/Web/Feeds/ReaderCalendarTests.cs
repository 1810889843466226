using System.Net;
using CsCheck;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Subscribers;

namespace MilestoneWatch.Tests.Web.Feeds;

/// <summary>A reader's own calendar, behind a secret address.</summary>
public sealed class ReaderCalendarTests(PostgresCluster cluster)
{
    [Fact]
    public async Task It_holds_just_what_the_reader_follows()
    {
        await using var served = await OpenAsync();
        await served.House.ImportAsync(
            """
            subject: {slug: other, name: Other}
            as_of: 2026-05-28
            milestones:
              - slug: rocket
                title: The rocket flies
                kind: event
                counts_when: It flies.
                zone: Europe/Paris
                promised: {phrase: "Q1 2027", on: 2026-05-28}
            """
        );

        Assert.Equal(["The bridge opens", "The rocket flies", "The site opens"], await TitlesAsync(served, "all"));
        Assert.Equal(["The bridge opens", "The site opens"], await TitlesAsync(served, "acme"));
        Assert.Equal(["The site opens"], await TitlesAsync(served, "site"));
        Assert.Equal(["The rocket flies", "The site opens"], await TitlesAsync(served, "site,rocket"));
    }

    [Fact]
    public async Task Its_event_is_the_same_as_the_milestones_own()
    {
        await using var served = await OpenAsync();

        var mine = (await served.CalendarAsync(await served.CalendarOfAsync("a@example.org", "site"))).Event;

        Assert.Equal((await served.CalendarAsync("/m/site.ics")).Event, mine);
    }

    [Fact]
    public async Task It_is_in_the_readers_language()
    {
        await using var served = await OpenAsync();
        var address = await served.CalendarOfAsync("a@example.org", "site");
        await served.House.RescheduleAsync("site", "Q4 2026");
        await served.House.ExecuteAsync("update subscribers set language = 'fr'");

        var calendar = await served.CalendarAsync(address);

        Assert.Equal("Les promesses que vous suivez", calendar.Name);
        Assert.Equal("The site opens (« Q4 2026 »)", calendar.Event.Summary.Replace('\u00a0', ' '));
        Assert.Equal(
            """
            Promesse : « Q4 2026 », soit du 1er octobre au 31 décembre 2026.
            Comment la date a bougé :
            • « Q3 2026 » : du 1er juillet au 30 septembre 2026
            • « Q4 2026 » : du 1er octobre au 31 décembre 2026, 92 jours plus tard
            Statut : prévu.
            Ce qui tranchera : Acme says that it is open.
            https://watch.example.org/m/site
            """,
            calendar.Event.Description.Replace('\u00a0', ' ')
        );
    }

    [Theory]
    [InlineData("delete from topics")]
    // kept until the next digest has told its news: they no longer follow it
    [InlineData("update topics set carried = true")]
    public async Task Following_nothing_any_more_leaves_a_calendar_without_events(string change)
    {
        await using var served = await OpenAsync();
        var address = await served.CalendarOfAsync("a@example.org", "site");
        await served.House.ExecuteAsync(change);

        Assert.Empty((await served.CalendarAsync(address)).Events);
    }

    [Fact]
    public async Task Whatever_is_wrong_with_an_address_the_answer_is_the_same_and_says_nothing_of_anybody()
    {
        await using var served = await OpenAsync();
        var house = served.House;
        Task<Subscriber> Join(string email) => house.JoinAsync(email, Cadence.Weekly);
        var (left, renewed, erased, pending, mine) = (
            await Join("left@example.org"),
            await Join("renewed@example.org"),
            await Join("erased@example.org"),
            await Join("pending@example.org"),
            await Join("mine@example.org")
        );
        var good = await served.TokenAsync(mine);
        List<string> tokens =
        [
            await served.TokenAsync(left),
            await served.TokenAsync(renewed),
            await served.TokenAsync(erased),
            await served.TokenAsync(pending),
            await served.TokenAsync(mine, settings: true),
            good[..^1],
            good + "A",
            "nonsense",
            "..%2f..%2fetc",
        ];
        Assert.All(
            await Task.WhenAll(tokens.Take(4).Select(token => served.AskAsync($"/calendar/{token}.ics"))),
            answer => Assert.Equal(HttpStatusCode.OK, answer.Status)
        );
        await house.ExecuteAsync(
            $"""
            update subscribers set state = 'left' where id = {left.Id};
            update subscribers set link_generation = link_generation + 1 where id = {renewed.Id};
            delete from subscribers where id = {erased.Id};
            update subscribers set state = 'pending' where id = {pending.Id};
            """
        );

        var answers = new List<(HttpStatusCode Status, string Text)>();
        foreach (var token in tokens)
        {
            answers.Add(await served.AskAsync($"/calendar/{token}.ics"));
        }

        Assert.Single(answers.Distinct());
        Assert.Equal(HttpStatusCode.NotFound, answers[0].Status);
        Assert.Contains("There is no calendar at this address", answers[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("example.org", answers[0].Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await served.AskAsync($"/calendar/{good}.ics")).Status);
    }

    [Fact]
    public async Task A_calendars_address_that_was_given_away_opens_no_settings()
    {
        await using var served = await OpenAsync();
        var reader = await served.House.JoinAsync("a@example.org", Cadence.Weekly);
        var token = await served.TokenAsync(reader);

        Assert.Equal(HttpStatusCode.NotFound, (await served.AskAsync($"/settings/{token}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await served.AskAsync($"/leave/{token}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await served.AskAsync($"/settings/{await served.TokenAsync(reader, settings: true)}")).Status);
    }

    [Fact]
    public async Task A_mangled_address_is_nobodys()
    {
        await using var served = await OpenAsync();
        var reader = await served.House.JoinAsync("a@example.org", Cadence.Weekly);
        await using var connection = await served.House.Mw.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var links = await Links.LoadAsync(connection, served.House.Clock.GetCurrentInstant(), CancellationToken.None);
        var good = links.CalendarTokenFor(reader);

        Assert.True(links.TryReadCalendar(good, out var id, out var generation));
        Assert.Equal((reader.Id, reader.LinkGeneration), (id, generation));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Char[' ', '~'])
            .Sample(
                (at, c) =>
                {
                    var mangled = good[..at] + c + good[(at + 1)..];
                    Assert.Equal(mangled == good, links.TryReadCalendar(mangled, out _, out _));
                    Assert.False(links.TryRead(mangled, out _, out _));
                },
                iter: 10_000
            );
    }

    [Fact]
    public async Task Whoever_has_it_already_is_told_so_until_something_they_follow_changes()
    {
        await using var served = await OpenAsync();
        var address = await served.CalendarOfAsync("a@example.org", "site");
        using var first = await served.GetAsync(address);
        var tag = first.Headers.ETag!.ToString();
        Assert.Equal(
            ("no-cache, private", "text/calendar; charset=utf-8"),
            (first.Headers.CacheControl!.ToString(), first.Content.Headers.ContentType!.ToString())
        );

        await served.House.RescheduleAsync("bridge", "Q2 2027");
        using var same = await served.GetAsync(address, ("If-None-Match", $"W/{tag}, \"else\""));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(tag, same.Headers.ETag!.ToString());
        Assert.Empty(await same.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

        await served.House.RescheduleAsync("site", "Q4 2026");
        using var moved = await served.GetAsync(address, ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);

        await served.House.ExecuteAsync("insert into topics (subscriber_id, kind, ref_id, since) select id, 'all', 0, 0 from subscribers");
        using var more = await served.GetAsync(address, ("If-None-Match", moved.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.OK, more.StatusCode);
    }

    private async Task<ServedFeeds> OpenAsync()
    {
        var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        await served.House.PromiseAsync("bridge", "Q1 2027");
        return served;
    }

    private static async Task<IEnumerable<string>> TitlesAsync(ServedFeeds served, string topics)
    {
        var calendar = await served.CalendarAsync(await served.CalendarOfAsync($"{topics.Replace(',', '-')}@example.org", topics));
        return calendar.Events.Select(one => one.Summary.Split(" (")[0]).Order(StringComparer.Ordinal);
    }
}
