using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MilestoneWatch.Tests.Web;

public sealed class SettingsPageTests(PostgresCluster cluster)
{
    [Fact]
    public async Task The_page_shows_what_a_reader_chose()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var token = await house.ReaderAsync();

        var page = await house.GetAsync($"/settings/{token}");

        Assert.Equal("Your subscription", page.Title);
        Assert.Contains("ada@example.org gets all topics, Mondays 08:00 (Paris).", page.Body, StringComparison.Ordinal);
        Assert.Matches("value=\"weekly\" id=\"cadence-weekly\" checked", page.Body);
        Assert.Matches("value=\"Europe/Paris\" selected", page.Body);
        Assert.Matches("name=\"nothing_changed\" checked", page.Body);
        Assert.Contains("<a href=\"/\">What you follow, on the board</a>", page.Body, StringComparison.Ordinal);
        Assert.Equal("no-store", page.Headers["Cache-Control"]);
        Assert.Equal("same-origin", page.Headers["Referrer-Policy"]);
    }

    [Fact]
    public async Task Everything_can_be_changed_and_the_answer_says_what_comes_now()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var token = await house.ReaderAsync();

        var saved = await ChangeAsync(
            house,
            token,
            ("follow", "some"),
            ("topics", "site"),
            ("cadence", "monthly"),
            ("monthday", "last"),
            ("at", "21:30"),
            ("zone", "Asia/Tokyo"),
            ("language", "fr")
        );

        Assert.Equal(HttpStatusCode.OK, saved.Status);
        Assert.Contains(
            "C’est enregistré. Désormais\u00a0: The site, le dernier jour de chaque mois à 21:30 (Tokyo).",
            saved.Body,
            StringComparison.Ordinal
        );
        Assert.Contains("<html lang=\"fr\">", saved.Body, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/?topic=site\">", saved.Body, StringComparison.Ordinal);
        Assert.Equal(
            "monthly 31 21:30:00 Asia/Tokyo fr f",
            await house.House.ScalarAsync<string>(
                "select concat_ws(' ', cadence, day, at_time, zone, language, nothing_changed) from subscribers"
            )
        );
        Assert.Equal("milestone", await house.House.ScalarAsync<string>("select string_agg(kind, ',') from topics where not carried"));
    }

    [Theory]
    [InlineData("zone", "Europe/Atlantis", "This time zone does not exist, or no longer")]
    [InlineData("language", "tlh", "We do not write in this language")]
    [InlineData("topics", "gone", "no longer on record")]
    [InlineData("at", "8", "Write the time as 08:00")]
    public async Task A_refused_change_changes_nothing(string field, string value, string words)
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var token = await house.ReaderAsync();
        var before = await FingerprintAsync(house);

        var refused = await ChangeAsync(house, token, ("follow", field == "topics" ? "some" : "all"), (field, value));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains(words, refused.Body, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed", refused.Body, StringComparison.Ordinal);
        Assert.Equal(before, await FingerprintAsync(house));
    }

    [Fact]
    public async Task A_pause_until_a_day_and_back()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var token = await house.ReaderAsync();

        var paused = await PauseAsync(house, token, "2026-07-01");
        Assert.Contains("Paused until 1\u00a0July\u00a02026", paused.Body, StringComparison.Ordinal);
        Assert.Equal("paused", await house.StateAsync());
        Assert.Contains("Resume now", (await house.GetAsync($"/settings/{token}")).Body, StringComparison.Ordinal);

        var resumed = await house.PostAsync($"/settings/{token}/resume");
        Assert.Contains("Mails come again: all topics, Mondays 08:00 (Paris).", resumed.Body, StringComparison.Ordinal);
        Assert.Equal("active", await house.StateAsync());

        Assert.Contains("no mail comes until you resume", (await PauseAsync(house, token, "")).Body, StringComparison.Ordinal);
        Assert.Equal("paused", await house.StateAsync());
    }

    [Theory]
    [InlineData("2026-05-28")]
    [InlineData("2020-01-01")]
    [InlineData("2029-01-01")]
    [InlineData("tomorrow")]
    [InlineData("2026-13-01")]
    public async Task A_pause_until_no_day_to_come_is_refused(string day)
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var token = await house.ReaderAsync();

        var refused = await PauseAsync(house, token, day);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("Choose a day after today", refused.Body, StringComparison.Ordinal);
        Assert.Equal("active", await house.StateAsync());
    }

    [Fact]
    public async Task A_thousand_looks_at_every_personal_page_change_nothing()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var token = await house.ReaderAsync();
        var before = await FingerprintAsync(house);
        string[] pages =
        [
            $"/settings/{token}",
            $"/leave/{token}",
            $"/settings/{token}/erase",
            $"/settings/{token}/data.json",
            $"/settings/{token}/pause",
        ];

        for (var i = 0; i < 200; i++)
        {
            foreach (var page in pages)
            {
                await house.SendAsync(i % 2 == 0 ? HttpMethod.Get : HttpMethod.Head, page, null);
            }
        }

        Assert.Equal(before, await FingerprintAsync(house));
    }

    [Theory]
    [InlineData("urlencoded")]
    [InlineData("multipart")]
    [InlineData("nothing")]
    public async Task One_click_leaves_from_anywhere_without_cookie_or_redirect_and_twice(string kind)
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var token = await house.ReaderAsync();

        for (var i = 0; i < 2; i++)
        {
            var left = await house.PostAsync(
                $"/leave/{token}",
                kind switch
                {
                    "urlencoded" => new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]),
                    "multipart" => new MultipartFormDataContent { { new StringContent("One-Click"), "List-Unsubscribe" } },
                    _ => null,
                },
                ("Origin", "https://mail.example"),
                ("Sec-Fetch-Site", "cross-site")
            );
            Assert.Equal((HttpStatusCode.OK, "You have left"), (left.Status, left.Title));
            Assert.DoesNotContain("Set-Cookie", left.Headers.Keys);
        }
        Assert.Equal("left", await house.StateAsync());
    }

    [Fact]
    public async Task After_leaving_the_link_says_so_and_changes_nothing()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var token = await house.ReaderAsync();
        await house.PostAsync($"/leave/{token}");
        var before = await FingerprintAsync(house);

        Assert.Equal((HttpStatusCode.OK, "You have left"), Told(await house.GetAsync($"/settings/{token}")));
        Assert.Equal((HttpStatusCode.Conflict, "You have left"), Told(await ChangeAsync(house, token)));
        Assert.Equal((HttpStatusCode.Conflict, "You have left"), Told(await PauseAsync(house, token, "2026-07-01")));
        Assert.Equal((HttpStatusCode.Conflict, "You have left"), Told(await house.PostAsync($"/settings/{token}/resume")));
        Assert.Equal(before, await FingerprintAsync(house));
    }

    [Fact]
    public async Task Data_comes_as_a_file_and_erasing_asks_first_and_kills_the_link()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var token = await house.ReaderAsync();

        var data = await house.GetAsync($"/settings/{token}/data.json");
        Assert.StartsWith("attachment", data.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.Equal("ada@example.org", (string?)JsonNode.Parse(data.Body)!["subscriber"]!["email"]);

        Assert.Equal("Erase everything about you?", (await house.GetAsync($"/settings/{token}/erase")).Title);
        Assert.Equal("active", await house.StateAsync());
        Assert.Equal((HttpStatusCode.OK, "Erased"), Told(await house.PostAsync($"/settings/{token}/erase")));
        Assert.Null(await house.StateAsync());

        foreach (var page in (string[])["", "/erase", "/data.json"])
        {
            Assert.Equal((HttpStatusCode.NotFound, "This link does not work"), Told(await house.GetAsync($"/settings/{token}{page}")));
        }
        Assert.Equal((HttpStatusCode.NotFound, "This link does not work"), Told(await house.PostAsync($"/leave/{token}")));
        Assert.Equal((HttpStatusCode.NotFound, "This link does not work"), Told(await house.PostAsync($"/settings/{token}/erase")));
    }

    [Fact]
    public async Task A_form_from_before_the_link_was_replaced_is_refused_kindly()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var token = await house.ReaderAsync();
        await house.House.ExecuteAsync("update subscribers set link_generation = link_generation + 1");
        var before = await FingerprintAsync(house);

        var refused = await ChangeAsync(house, token);

        Assert.Equal((HttpStatusCode.NotFound, "This link does not work"), Told(refused));
        Assert.Contains("The link in your latest mail works.", refused.Body, StringComparison.Ordinal);
        Assert.Equal(before, await FingerprintAsync(house));
    }

    [Fact]
    public async Task Ten_thousand_forged_links_open_nothing_and_are_answered_alike()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var token = await house.ReaderAsync();
        await house.SubscribeAsync("bob@example.org");
        await house.MailedAsync("confirm");
        var before = await FingerprintAsync(house);
        var real = Base64Url.DecodeFromChars(token);
        var dice = new Random(20261123);

        var answers = new HashSet<(HttpStatusCode, string)>();
        for (var i = 0; i < 10_000; i++)
        {
            // half of them right but for one bit, the others anything of the right length
            var forged = (byte[])real.Clone();
            if (i % 2 == 0)
            {
                forged[dice.Next(forged.Length)] ^= (byte)(1 << dice.Next(8));
            }
            else
            {
                RandomNumberGenerator.Fill(forged);
            }
            var address = (i % 4) switch
            {
                0 => $"/settings/{Base64Url.EncodeToString(forged)}",
                1 => $"/confirm/{Base64Url.EncodeToString(forged.AsSpan(0, 16))}",
                2 => $"/leave/{Base64Url.EncodeToString(forged)}",
                _ => $"/settings/{Base64Url.EncodeToString(forged)}/erase",
            };
            var answer = await house.PostAsync(address);
            answers.Add((answer.Status, answer.Body));
        }

        Assert.Equal(HttpStatusCode.NotFound, Assert.Single(answers).Item1);
        Assert.Equal(before, await FingerprintAsync(house));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Sec-Fetch-Site", "none", true)]
    [InlineData("Origin", "https://evil.example", false)]
    [InlineData("Origin", "https://watch.example.evil.example", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "https://watch.example", true)]
    public async Task A_form_of_another_site_is_refused(string header, string value, bool taken)
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var token = await house.ReaderAsync();
        string[] addresses =
        [
            "/subscribe",
            "/api/subscribers",
            $"/settings/{token}",
            $"/settings/{token}/pause",
            $"/settings/{token}/erase",
        ];

        foreach (var address in addresses)
        {
            HttpContent content = address.StartsWith("/api", StringComparison.Ordinal)
                ? new StringContent("""{"email": "bob@example.org"}""", Encoding.UTF8, "application/json")
                : new FormUrlEncodedContent(ServedHouse.Fields("bob@example.org"));
            var answer = await house.PostAsync(address, content, (header, value));
            Assert.Equal(taken, answer.Status != HttpStatusCode.Forbidden);
        }
        if (!taken)
        {
            Assert.Equal("active", await house.StateAsync());
            Assert.Equal(0, await house.House.ScalarAsync<long>("select count(*) from join_requests"));
        }
    }

    private static (HttpStatusCode Status, string Title) Told(ServedHouse.Answer answer) => (answer.Status, answer.Title);

    private static Task<ServedHouse.Answer> ChangeAsync(ServedHouse house, string token, params (string Name, string Value)[] changed) =>
        house.PostAsync($"/settings/{token}", new FormUrlEncodedContent(ServedHouse.Fields("", changed)));

    private static Task<ServedHouse.Answer> PauseAsync(ServedHouse house, string token, string until) =>
        house.PostAsync($"/settings/{token}/pause", new FormUrlEncodedContent([new("until", until)]));

    private static Task<string?> FingerprintAsync(ServedHouse house) =>
        house.House.ScalarAsync<string>(
            "select md5((select string_agg(s::text, '|' order by id) from subscribers s) || (select string_agg(t::text, '|' order by subscriber_id, ref_id) from topics t) || coalesce((select string_agg(t::text, '|' order by hash) from tokens t), ''))"
        );
}
