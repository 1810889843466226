using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MilestoneWatch.Checks;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using MilestoneWatch.Web;
using MimeKit;
using NodaTime;

namespace MilestoneWatch.Tests.Checks;

/// <summary>The Monday mail to analysts, and the pages that its buttons open.</summary>
public sealed partial class NudgeTests(PostgresCluster cluster)
{
    [Fact]
    public async Task What_waits_is_mailed_each_monday_at_eight_of_the_analysts_own_zone()
    {
        await using var house = await OpenAsync();
        await house.RunAtAsync("2026-10-05T05:59:59Z");
        Assert.Empty(house.Mails());

        await house.RunAtAsync("2026-10-05T06:00:00Z");
        await house.RunAsync();
        var mail = Assert.Single(house.Mails());
        Assert.Equal("site waits for you", mail.Subject);
        Assert.Equal("nudge:2026-W41", await house.ScalarAsync<string>("select key from deliveries"));

        await house.RunAtAsync("2026-10-12T06:00:00Z");
        Assert.Equal(2, house.Mails().Count);
    }

    [Fact]
    public async Task Three_passes_at_once_send_one()
    {
        await using var house = await OpenAsync();
        await using var second = await house.AnotherAsync();
        await using var third = await house.AnotherAsync();
        house.Clock.Reset(Is.At("2026-10-05T06:00:00Z"));

        await Task.WhenAll(new[] { house.Mw, second, third }.Select(mw => Task.Run(() => mw.Nudges.RunOnceAsync(CancellationToken.None))));
        await house.RunAsync();

        Assert.Single(house.Mails());
    }

    [Fact]
    public async Task After_a_gap_of_two_years_only_the_newest_weeks_is_sent()
    {
        await using var house = await OpenAsync();

        await house.RunAtAsync("2028-10-04T12:00:00Z");

        Assert.Single(house.Mails());
        Assert.Equal("nudge:2028-W40", await house.ScalarAsync<string>("select key from deliveries"));
        Assert.Equal(
            Is.At("2028-10-09T06:00:00Z"),
            Instant.FromDateTimeUtc(await house.ScalarAsync<DateTime>("select next_nudge_at from users where name = 'ana'"))
        );
    }

    [Fact]
    public async Task Nothing_is_sent_while_nothing_waits()
    {
        await using var house = await OpenAsync("Q4 2026");

        await house.RunAtAsync("2026-10-05T06:00:00Z");

        Assert.Empty(house.Mails());
    }

    [Fact]
    public async Task A_look_puts_off_silence_but_not_a_passed_window()
    {
        await using var quiet = await OpenAsync("by 2030", quietDays: 90);
        await using var passed = await OpenAsync("Q3 2026", quietDays: 90);
        foreach (var house in new[] { quiet, passed })
        {
            house.Clock.Reset(Is.At("2026-10-03T06:00:00Z"));
            await house.RecordAsync(new RecordRequest("site", new Looked(), "ana"));
            await house.RunAtAsync("2026-10-05T06:00:00Z");
        }

        Assert.Empty(quiet.Mails());
        Assert.Contains("Last looked 3 October 2026", Assert.Single(passed.Mails()).TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_button_opens_a_page_that_asks_and_a_hundred_visits_record_nothing()
    {
        await using var house = await OpenAsync();
        await using var pages = await Pages.OpenAsync(house);
        var links = await LinksAsync(house);
        var head = await HeadAsync(house);
        foreach (var link in links)
        {
            for (var i = 0; i < 34; i++)
            {
                using var answer = await pages.Client.GetAsync(link, CancellationToken.None);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.Contains("<form", await answer.Content.ReadAsStringAsync(CancellationToken.None), StringComparison.Ordinal);
            }
        }
        Assert.Equal(head, await HeadAsync(house));
    }

    [Fact]
    public async Task Each_button_records_what_it_says_in_the_analysts_name()
    {
        await using var house = await OpenAsync();
        await using var pages = await Pages.OpenAsync(house);
        var links = await LinksAsync(house);

        Assert.Equal(HttpStatusCode.OK, await pages.SendAsync(links[2], ("source", "acme.example/news")));
        Assert.Equal(HttpStatusCode.OK, await pages.SendAsync(links[1], ("phrase", "Q4 2026"), ("note", "They said so.")));
        Assert.Equal(
            HttpStatusCode.OK,
            await pages.SendAsync(links[0], ("source", "Example Wire"), ("standing", "reported"), ("on", "2 October 2026"))
        );

        var history = (await house.HistoryAsync("site")).Where(entry => !entry.Kind.IsDerived()).Skip(1).ToList();
        Assert.Equal([EntryKind.Looked, EntryKind.Rescheduled, EntryKind.StatusChanged], history.Select(entry => entry.Kind));
        Assert.Equal("They said so.", history[1].Body!.Note);
        Assert.Equal(new LocalDate(2026, 10, 2), history[2].HappenedOn);
        Assert.Equal(Status.Achieved, (await house.MilestoneAsync("site")).State.Status);
        Assert.Equal(
            "ana",
            await house.ScalarAsync<string>(
                "select distinct u.name from users u join entries e on e.actor = u.id where u.name <> 'watchlist'"
            )
        );
    }

    [Theory]
    [InlineData(1, "phrase", "Q5 2026", "Q4 2026")]
    [InlineData(0, "source", "Example Wire", "needs evidence")]
    [InlineData(0, "on", "31 September 2026", "no day")]
    [InlineData(2, "note", "a\u202Eb", "writing direction")]
    public async Task What_cannot_be_recorded_is_said_on_the_page_and_what_was_typed_stays(
        int button,
        string field,
        string value,
        string says
    )
    {
        await using var house = await OpenAsync();
        await using var pages = await Pages.OpenAsync(house);
        var link = (await LinksAsync(house))[button];
        var head = await HeadAsync(house);

        var (status, page) = await pages.PostAsync(link, (field, value), ("quote", "as typed"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains(says, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains("as typed", page, StringComparison.Ordinal);
        Assert.Equal(head, await HeadAsync(house));
    }

    [Fact]
    public async Task Two_analysts_pages_of_one_milestone_do_not_overwrite_each_other()
    {
        await using var house = await OpenAsync();
        await using var pages = await Pages.OpenAsync(house);
        var moved = (await LinksAsync(house))[1];
        var page = await pages.Client.GetStringAsync(moved, CancellationToken.None);
        var revision = Revision().Match(page).Groups["revision"].Value;
        await house.StatusAsync("site", Status.Delayed);

        var (status, conflict) = await pages.PostAsync(moved, ("phrase", "Q4 2026"), ("revision", revision), ("seen", "1"));

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("Recorded by others while you typed", conflict, StringComparison.Ordinal);
        Assert.Contains("Delayed.", conflict, StringComparison.Ordinal);
        Assert.Equal("Q3 2026", (await house.MilestoneAsync("site")).Phrase);
        revision = Revision().Match(conflict).Groups["revision"].Value;
        Assert.Equal(HttpStatusCode.OK, await pages.SendAsync(moved, ("phrase", "Q4 2026"), ("revision", revision)));
        Assert.Equal("Q4 2026", (await house.MilestoneAsync("site")).Phrase);
    }

    [Fact]
    public async Task A_link_dies_after_five_weeks_and_when_the_address_changes()
    {
        await using var house = await OpenAsync();
        await using var pages = await Pages.OpenAsync(house);
        var link = (await LinksAsync(house))[2];
        house.Clock.Reset(Is.At("2026-11-09T23:00:00Z"));
        Assert.Equal(HttpStatusCode.OK, await pages.GetAsync(link));
        house.Clock.Reset(Is.At("2026-11-10T00:00:00Z"));
        Assert.Equal(HttpStatusCode.NotFound, await pages.SendAsync(link));

        house.Clock.Reset(Is.At("2026-10-06T00:00:00Z"));
        Assert.Equal(HttpStatusCode.OK, await pages.GetAsync(link));
        await PutAsync(house, "other@example.org");
        Assert.Equal(HttpStatusCode.NotFound, await pages.SendAsync(link));
    }

    [Fact]
    public async Task A_mangled_link_opens_nothing()
    {
        await using var house = await OpenAsync();
        await using var pages = await Pages.OpenAsync(house);
        var link = (await LinksAsync(house))[2];
        var token = link.Split('/')[2];

        foreach (var at in Enumerable.Range(0, token.Length))
        {
            var other = token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..];
            Assert.Equal(HttpStatusCode.NotFound, await pages.SendAsync(link.Replace(token, other, StringComparison.Ordinal)));
        }
        Assert.Equal(HttpStatusCode.NotFound, await pages.SendAsync(link.Replace("looked", "deleted", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.NotFound, await pages.SendAsync(link.Replace("/site/", "/other/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(10 << 20, "field takes 4,000 characters")]
    [InlineData(100_000, "field takes 4,000 characters")]
    [InlineData(4_001, "4,000 characters; this has 4001")]
    public async Task A_note_that_is_too_long_is_refused_on_the_page_with_one_message(int length, string says)
    {
        await using var house = await OpenAsync();
        await using var pages = await Pages.OpenAsync(house);
        var link = (await LinksAsync(house))[2];
        var head = await HeadAsync(house);

        var urlencoded = await pages.PostAsync(link, ("note", new string('x', length)));
        using var parts = new MultipartFormDataContent { { new StringContent(new string('x', length)), "note" } };
        var multipart = await pages.PostAsync(link, parts);

        foreach (var (status, page) in new[] { urlencoded, multipart })
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
            Assert.Contains(says, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", page, StringComparison.Ordinal);
        }
        Assert.Equal(head, await HeadAsync(house));
    }

    [Theory]
    [InlineData("text/plain", "note=a")]
    [InlineData("application/json", "{}")]
    [InlineData("multipart/form-data", "note=a")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\ntorn")]
    [InlineData("application/x-www-form-urlencoded", "note=a%00b")]
    [InlineData("application/x-www-form-urlencoded", "source=a%E2%80%AEb")]
    public async Task What_no_browser_would_send_is_refused_with_the_page(string type, string body)
    {
        await using var house = await OpenAsync();
        await using var pages = await Pages.OpenAsync(house);
        var link = (await LinksAsync(house))[2];
        var head = await HeadAsync(house);
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        var (status, page) = await pages.PostAsync(link, content);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("Not recorded:", page, StringComparison.Ordinal);
        Assert.Equal(head, await HeadAsync(house));
    }

    private async Task<House> OpenAsync(string phrase = "Q3 2026", int quietDays = 0)
    {
        var house = await House.OpenAsync(cluster, "2026-05-28T08:00:00Z");
        await house.PromiseAsync("site", phrase, quietDays: quietDays);
        house.Clock.Reset(Is.At("2026-10-01T08:00:00Z"));
        await PutAsync(house, "ana@example.org");
        return house;
    }

    private static async Task PutAsync(House house, string email)
    {
        await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);
        await AnalystStore.PutAsync(
            connection,
            "ana",
            email,
            "Europe/Paris",
            role: null,
            house.Clock.GetCurrentInstant(),
            CancellationToken.None
        );
    }

    /// <summary>The links of the first item of the mail of 5 October: happened, moved, looked.</summary>
    private static async Task<IReadOnlyList<string>> LinksAsync(House house)
    {
        await house.RunAtAsync("2026-10-05T06:00:00Z");
        return [.. Link().Matches(((TextPart)house.Mails()[0].BodyParts.First()).Text).Select(match => match.Value).Take(3)];
    }

    private static Task<long> HeadAsync(House house) => house.ScalarAsync<long>("select max(position) from entries");

    [GeneratedRegex("/nudge/[^ \\s]+", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex("name=\"revision\" value=\"(?<revision>\\d+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Revision();

    /// <summary>The house's pages over real HTTP.</summary>
    private sealed class Pages(WebApplication app, HttpClient client) : IAsyncDisposable
    {
        public HttpClient Client => client;

        public static async Task<Pages> OpenAsync(House house)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            builder.Services.AddPages(house.Mw);
            var app = builder.Build();
            app.MapPages(house.Mw);
            await app.StartAsync(CancellationToken.None);
            return new Pages(app, new HttpClient { BaseAddress = new Uri(app.Urls.Single()) });
        }

        public async Task<HttpStatusCode> GetAsync(string link)
        {
            using var answer = await client.GetAsync(link, CancellationToken.None);
            return answer.StatusCode;
        }

        public async Task<HttpStatusCode> SendAsync(string link, params (string Name, string Value)[] fields) =>
            (await PostAsync(link, fields)).Status;

        public async Task<(HttpStatusCode Status, string Page)> PostAsync(string link, params (string Name, string Value)[] fields)
        {
            using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
            return await PostAsync(link, form);
        }

        public async Task<(HttpStatusCode Status, string Page)> PostAsync(string link, HttpContent content)
        {
            using var answer = await client.PostAsync(link, content, CancellationToken.None);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(CancellationToken.None));
        }

        public async ValueTask DisposeAsync()
        {
            client.Dispose();
            await app.DisposeAsync();
        }
    }
}
