using System.Net;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;

namespace MilestoneWatch.Tests.Web.Feeds;

/// <summary>What changed, for feed readers: valid by RFC 4287's grammar, and read back by a reader that is not ours.</summary>
public sealed class AtomTests(PostgresCluster cluster)
{
    [Fact]
    public async Task A_feed_of_nothing_is_valid()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);

        Assert.Empty(ReadAtom.Of(await served.AtomAsync("/feed.atom")).Items);
    }

    [Fact]
    public async Task What_is_no_atom_is_refused_by_the_judge()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        var text = await served.AtomAsync("/feed.atom");
        string[] broken =
        [
            text.Replace("<author>", "<writer>", StringComparison.Ordinal).Replace("</author>", "</writer>", StringComparison.Ordinal),
            text.Replace("T08:00:00Z</updated>", "</updated>", StringComparison.Ordinal),
            text.Replace("type=\"html\"", "type=\"markdown\"", StringComparison.Ordinal),
            text.Replace(">tag:", ">", StringComparison.Ordinal),
        ];

        foreach (var file in broken)
        {
            Assert.NotEqual(text, file);
            var (code, _, _) = await Outside.RunAsync(
                "xmllint",
                System.Text.Encoding.UTF8.GetBytes(file),
                "--noout",
                "--relaxng",
                "atom.rng",
                "-"
            );
            Assert.Equal(3, code);
        }
    }

    [Fact]
    public async Task The_board_tells_what_people_and_the_clock_said_newest_first_and_no_looks()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        var house = served.House;
        await house.PromiseAsync("site", "Q3 2026");
        await house.RunAtAsync("2026-10-02T00:00:00Z");
        await house.RecordAsync(new RecordRequest("site", new Looked(), "ana"));
        await house.RecordAsync(
            new RecordRequest("site", new Rescheduled(Is.Due("Q4 2026")), "ana")
            {
                Note = "They blame the grid.",
                Quote = "We open in Q4.",
                Verbatim = true,
                Source = new SourceNamed("Acme", "News", "https://acme.example/news?a=1&b=2"),
                Standing = Standing.Claimed,
            }
        );

        var feed = ReadAtom.Of(await served.AtomAsync("/feed.atom"));

        Assert.Equal(
            [
                "site: moved to “Q4 2026”",
                "site: window closed, nothing on record",
                "site: 1 day left in the window",
                "site: 7 days left in the window",
                "site: 30 days left in the window",
                "site: window opened",
                "site: promised for “Q3 2026”",
            ],
            feed.Items.Select(item => item.Title.Text)
        );
        var moved = feed.Items.First();
        Assert.Equal(
            "<p>Date moved. To “Q4 2026”: 1 October to 31 December 2026; 92 days later.</p>"
                + "<blockquote><p>“We open in Q4.”</p></blockquote><p>Note: They blame the grid.</p>"
                + "<p>Source: Acme, <a href=\"https://acme.example/news?a=1&amp;b=2\">News</a> (claimed).</p><p>2 October 2026.</p>",
            moved.Html()
        );
        Assert.Equal("https://watch.example.org/m/site?asOf=2026-10-02T00:00:00Z", moved.Links.Single().Uri.AbsoluteUri);
        Assert.Equal(new DateTimeOffset(2026, 10, 2, 0, 0, 0, TimeSpan.Zero), moved.LastUpdatedTime);
        Assert.Equal(moved.LastUpdatedTime, feed.LastUpdatedTime);
        Assert.Equal("https://watch.example.org/feed.atom", feed.Links.Single(link => link.RelationshipType == "self").Uri.AbsoluteUri);
        Assert.Equal("https://watch.example.org/", feed.Links.Single(link => link.RelationshipType == "alternate").Uri.AbsoluteUri);
    }

    [Fact]
    public async Task Every_entry_keeps_its_id_and_has_the_same_on_its_milestones_feed()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster, "https://Example.org/watch/");
        await served.House.PromiseAsync("site", "Q3 2026");
        var first = ReadAtom.Of(await served.AtomAsync("/feed.atom")).Items.Single();
        await served.House.RescheduleAsync("site", "Q4 2026");
        await served.House.PromiseAsync("bridge", "Q1 2027");

        var board = ReadAtom.Of(await served.AtomAsync("/feed.atom"));
        var site = ReadAtom.Of(await served.AtomAsync("/m/site.atom"));

        Assert.Equal("tag:example.org,2026:/watch/entries/1", first.Id);
        Assert.Equal(
            ["bridge: promised for “Q1 2027”", "site: moved to “Q4 2026”", "site: promised for “Q3 2026”"],
            board.Items.Select(item => item.Title.Text)
        );
        Assert.Equal(board.Items.Skip(1).Select(item => (item.Id, item.Html())), site.Items.Select(item => (item.Id, item.Html())));
        Assert.Equal((first.Id, first.Html()), (site.Items.Last().Id, site.Items.Last().Html()));
        Assert.Equal("The site opens", site.Title.Text);
        Assert.Equal("https://example.org/watch/m/site.atom", site.Links.Single(link => link.RelationshipType == "self").Uri.AbsoluteUri);
        Assert.Equal(6, board.Items.Select(item => item.Id).Concat([board.Id, site.Id, board.Items.First().Title.Text]).Distinct().Count());
    }

    [Fact]
    public async Task The_board_holds_the_newest_fifty()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.CountedAsync();
        for (var i = 1; i <= 60; i++)
        {
            await served.House.RecordAsync(new RecordRequest("power", new ProgressRecorded(i), "ana"));
        }

        var items = ReadAtom.Of(await served.AtomAsync("/feed.atom")).Items.ToList();

        Assert.Equal(50, items.Count);
        Assert.StartsWith("<p>Progress. 60 MW", items[0].Html(), StringComparison.Ordinal);
        Assert.Equal(61, ReadAtom.Of(await served.AtomAsync("/m/power.atom")).Items.Count());
    }

    [Fact]
    public async Task What_was_our_error_is_told_in_a_later_entry()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        await served.House.RescheduleAsync("site", "Q4 2026");
        var wrong = (await served.House.MilestoneAsync("site")).State.Position;
        await served.House.Mw.Recorder.RetractAsync(wrong, "we misread the date.", "ana", CancellationToken.None);

        var items = ReadAtom.Of(await served.AtomAsync("/feed.atom")).Items.ToList();

        Assert.Equal("site: an entry was taken back", items[0].Title.Text);
        Assert.StartsWith(
            "<p>Taken back: what was recorded on 28 May 2026 (“Date moved. To “Q4 2026”: 1 October to 31 December 2026; 92 days later.”). We misread the date.</p>",
            items[0].Html(),
            StringComparison.Ordinal
        );
        Assert.Equal(3, items.Count);
    }

    [Fact]
    public async Task A_look_that_was_taken_back_and_a_threshold_that_changed_are_no_news()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        var look = await served.House.RecordAsync(new RecordRequest("site", new Looked(), "ana"));
        await served.House.Mw.Recorder.RetractAsync(look, "it was another page", "ana", CancellationToken.None);
        var definition = (await served.House.MilestoneAsync("site")).Definition;
        await served.House.RecordAsync(new RecordRequest("site", new Redefined(definition with { QuietDays = 30 }), "ana"));

        Assert.Single(ReadAtom.Of(await served.AtomAsync("/feed.atom")).Items);
    }

    [Fact]
    public async Task Redacted_words_never_come_back_and_readers_fetch_the_entry_again()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        var position = await served.House.RecordAsync(
            new RecordRequest("site", new Rescheduled(Is.Due("Q4 2026")), "ana")
            {
                Note = "Zanzibar",
                Source = new SourceNamed("Zanzibar Times"),
            }
        );
        await served.House.Mw.Recorder.RetractAsync(position, "wrong", "ana", CancellationToken.None);
        Assert.Contains("Zanzibar", await served.AtomAsync("/feed.atom"), StringComparison.Ordinal);
        served.House.Clock.AdvanceDays(3);
        await served.House.Mw.Recorder.RedactAsync(position, "Zanzibar asked for it", "ana", CancellationToken.None);

        var text = await served.AtomAsync("/feed.atom");

        Assert.DoesNotContain("Zanzibar", text + await served.AtomAsync("/m/site.atom"), StringComparison.Ordinal);
        var item = ReadAtom.Of(text).Items.Single(one => one.Id.EndsWith($"/{position}", StringComparison.Ordinal));
        Assert.StartsWith("<p>Date moved. The words of this entry were removed.</p>", item.Html(), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromDays(3), item.LastUpdatedTime - item.PublishDate);
    }

    [Fact]
    public async Task Hostile_words_are_words()
    {
        const string Bad = "]]></content></entry><script>alert(1)</script> \"'> \uFFFE 👩‍👧 <img src=x onerror=alert(1)>";
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        var definition = (await served.House.MilestoneAsync("site")).Definition with { Title = Bad, Name = Bad, ShortName = Bad };
        await served.House.RecordAsync(new RecordRequest("site", new Redefined(definition), "ana"));
        await served.House.RecordAsync(
            new RecordRequest("site", new StatusChanged(Status.Delayed), "ana")
            {
                Note = Bad,
                Quote = Bad,
                Source = new SourceNamed(Bad, Bad, "javascript:alert(1)"),
            }
        );

        var feed = ReadAtom.Of(await served.AtomAsync("/m/site.atom"));

        var item = feed.Items.First();
        Assert.Equal($"{Bad.Replace("\uFFFE", "", StringComparison.Ordinal)}: now delayed", item.Title.Text);
        Assert.Equal("text", item.Title.Type);
        Assert.DoesNotContain("<script", item.Html(), StringComparison.Ordinal);
        Assert.DoesNotContain("<img", item.Html(), StringComparison.Ordinal);
        Assert.DoesNotContain("href", item.Html(), StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", item.Html(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_a_feed_already_is_told_so()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        foreach (var address in (string[])["/feed.atom", "/m/site.atom", "/m/site.ics"])
        {
            using var fresh = await served.GetAsync(address);
            Assert.Null(fresh.Content.Headers.LastModified);
            Assert.Equal("public, max-age=300", fresh.Headers.CacheControl!.ToString());
        }
        served.House.Clock.AdvanceDays(1);
        foreach (var address in (string[])["/feed.atom", "/m/site.atom", "/m/site.ics"])
        {
            using var first = await served.GetAsync(address);
            var changed = first.Content.Headers.LastModified!.Value.ToString("R");
            Assert.Equal("Thu, 28 May 2026 08:00:00 GMT", changed);

            Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(served, address, ("If-None-Match", first.Headers.ETag!.ToString())));
            Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(served, address, ("If-Modified-Since", changed)));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, address, ("If-Modified-Since", "Thu, 28 May 2026 07:59:59 GMT")));
            Assert.Equal(
                HttpStatusCode.OK,
                await StatusAsync(served, address, ("If-None-Match", "\"else\""), ("If-Modified-Since", changed))
            );
        }
        await served.House.RescheduleAsync("site", "Q4 2026");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(served, "/feed.atom", ("If-Modified-Since", "Thu, 28 May 2026 08:00:00 GMT")));
    }

    [Fact]
    public async Task The_pages_name_their_feeds()
    {
        await using var served = await ServedFeeds.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");

        var board = WebUtility.HtmlDecode((await served.AskAsync("/")).Text);
        var page = WebUtility.HtmlDecode((await served.AskAsync("/m/site")).Text);

        Assert.Contains(
            "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"What changed\" href=\"/feed.atom\"",
            board,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("text/calendar", board, StringComparison.Ordinal);
        Assert.Contains("title=\"What changed here\" href=\"/m/site.atom\"", page, StringComparison.Ordinal);
        Assert.Contains(
            "<link rel=\"alternate\" type=\"text/calendar\" title=\"Its date, for a calendar\" href=\"/m/site.ics\"",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains("<a href=\"/m/site.ics\">", page, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(ServedFeeds served, string address, params (string, string)[] headers)
    {
        using var answer = await served.GetAsync(address, headers);
        return answer.StatusCode;
    }
}
