using System.Net;
using System.Text;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Subscribers;

namespace MilestoneWatch.Tests.Web;

public sealed class SubscribePageTests(PostgresCluster cluster)
{
    [Fact]
    public async Task From_the_page_to_the_first_confirmed_moment()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        Assert.Contains("href=\"/subscribe\"", (await house.GetAsync("/")).Body, StringComparison.Ordinal);

        Assert.Equal("Look in your mailbox", (await house.SubscribeAsync("ada@example.org")).Title);
        var token = await house.MailedAsync("confirm");
        Assert.Contains("all topics, Mondays 08:00 (Paris)", (await house.GetAsync($"/confirm/{token}")).Body, StringComparison.Ordinal);
        Assert.Equal("pending", await house.StateAsync());

        var confirmed = await house.PostAsync($"/confirm/{token}");
        Assert.Equal((HttpStatusCode.OK, "You are on the list"), (confirmed.Status, confirmed.Title));
        Assert.Equal("active", await house.StateAsync());
        var again = await house.PostAsync($"/confirm/{token}");
        Assert.Equal((HttpStatusCode.NotFound, "This link does not work"), (again.Status, again.Title));
    }

    [Fact]
    public async Task A_thousand_looks_at_a_confirmation_confirm_nothing()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        await house.SubscribeAsync("ada@example.org");
        var token = await house.MailedAsync("confirm");
        var before = await FingerprintAsync(house);

        for (var i = 0; i < 500; i++)
        {
            await house.GetAsync($"/confirm/{token}");
            await house.SendAsync(HttpMethod.Head, $"/confirm/{token}", null);
        }

        Assert.Equal(before, await FingerprintAsync(house));
    }

    [Fact]
    public async Task Fifty_presses_at_once_confirm_once()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        await house.SubscribeAsync("ada@example.org");
        var token = await house.MailedAsync("confirm");

        var presses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => house.PostAsync($"/confirm/{token}")));

        Assert.Single(presses, press => press.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_page_and_the_API_answer_the_same_whoever_the_address_belongs_to()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        string[] states = ["pending", "active", "paused", "left", "unknown"];
        foreach (var state in states[..4])
        {
            await house.House.JoinAsync($"{state}@example.org", Cadence.Daily);
            await house.House.ExecuteAsync($"update subscribers set state = '{state}' where email = '{state}@example.org'");
        }

        // twice: the second time all of them were written to today
        for (var round = 0; round < 2; round++)
        {
            var pages = new List<(string, HttpStatusCode, string, string)>();
            foreach (var who in states)
            {
                var page = await house.SubscribeAsync($"{who}@example.org");
                var api = await house.ApiAsync($$"""{"email": "{{who}}@example.org"}""");
                pages.Add(("page", page.Status, page.Body.Replace($"{who}@", "WHO@", StringComparison.Ordinal), Headers(page)));
                pages.Add(("api", api.Status, api.Body, Headers(api)));
            }
            Assert.Equal(2, pages.Distinct().Count());
            await house.House.RunAsync();
        }

        static string Headers(ServedHouse.Answer answer) =>
            string.Join(
                '\n',
                answer.Headers.OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}: {header.Value}")
            );
    }

    [Theory]
    [InlineData("email", "ada", "no address that mail can be sent to")]
    [InlineData("email", "", "The address is missing")]
    [InlineData("email", "ada@example.org\r\nBcc: bob@example.org", "no address that mail can be sent to")]
    [InlineData("email", "ada\u2028@example.org", "no address that mail can be sent to")]
    [InlineData("cadence", "hourly", "Choose one of the four")]
    [InlineData("at", "25:00", "Write the time as 08:00")]
    [InlineData("at", "", "Write the time as 08:00")]
    [InlineData("weekday", "someday", "Choose a day that every week or month has")]
    [InlineData("zone", "America/Nowhere", "This time zone does not exist, or no longer")]
    [InlineData("language", "tlh", "We do not write in this language")]
    [InlineData("topics", "gone", "no longer on record")]
    [InlineData("topics", "", "no longer on record")]
    [InlineData("follow", "some", "Choose at least one, or everything")]
    public async Task A_refused_form_says_beside_the_field_what_is_wrong_and_keeps_the_rest(string field, string value, string words)
    {
        await using var house = await ServedHouse.OpenAsync(cluster);

        var answer =
            field == "topics"
                ? await house.SubscribeAsync("ada@example.org", ("at", "21:30"), ("follow", "some"), (field, value))
                : await house.SubscribeAsync("ada@example.org", ("at", "21:30"), (field, value));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(words, answer.Body, StringComparison.Ordinal);
        Assert.Contains("one field needs another look", answer.Body, StringComparison.Ordinal);
        if (field != "at")
        {
            Assert.Contains("value=\"21:30\"", answer.Body, StringComparison.Ordinal);
        }
        Assert.Equal(0, await house.House.ScalarAsync<long>("select count(*) from join_requests"));
    }

    [Fact]
    public async Task Chosen_topics_stay_ticked_and_are_what_is_followed()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);

        var refused = await house.SubscribeAsync("", ("follow", "some"), ("topics", "site"));
        Assert.Matches("value=\"site\" checked", refused.Body);
        Assert.Matches("id=\"follow-some\" checked", refused.Body);

        await house.SubscribeAsync("ada@example.org", ("follow", "some"), ("topics", "site"));
        await house.MailedAsync("confirm");
        Assert.Equal("milestone", await house.House.ScalarAsync<string>("select string_agg(kind, ',') from topics"));
    }

    [Fact]
    public async Task A_likely_slip_is_asked_about_once_and_never_refused_twice()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);

        var asked = await house.SubscribeAsync("ada@gmial.com");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, asked.Status);
        Assert.Contains("Did you mean ada@gmail.com?", asked.Body, StringComparison.Ordinal);
        Assert.Contains("name=\"take\" value=\"ada@gmail.com\"", asked.Body, StringComparison.Ordinal);

        Assert.Equal("Look in your mailbox", (await house.SubscribeAsync("ada@gmial.com", ("kept", "ada@gmial.com"))).Title);
        var taken = await house.SubscribeAsync("ada@gmial.com", ("kept", "ada@gmial.com"), ("take", "ada@gmail.com"));
        Assert.Contains("ada@gmail.com", taken.Body, StringComparison.Ordinal);
        // Enter presses the first button, also where the address was corrected by hand
        var typed = await house.SubscribeAsync("eve@example.org", ("kept", "ada@gmial.com"), ("take", "ada@gmail.com"));
        Assert.Contains("eve@example.org", typed.Body, StringComparison.Ordinal);
        Assert.Equal(
            "ada@gmial.com,ada@gmail.com,eve@example.org",
            await house.House.ScalarAsync<string>("select string_agg(email, ',' order by id) from join_requests")
        );
    }

    [Fact]
    public async Task The_API_says_what_may_be_a_slip_and_takes_it_all_the_same()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);

        var answer = await house.ApiAsync(
            """{"email": "ada@gmial.com", "topics": ["site"], "cadence": "monthly", "day": 28, "at": "07:15", "zone": "Asia/Tokyo", "language": "fr"}"""
        );

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Contains("\"did_you_mean\":\"ada@gmail.com\"", answer.Body, StringComparison.Ordinal);
        Assert.Equal(
            "ada@gmial.com monthly 28 07:15:00 Asia/Tokyo fr {site}",
            await house.House.ScalarAsync<string>(
                "select concat_ws(' ', email, cadence, day, at_time, zone, language, topics) from join_requests"
            )
        );
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("null", 400)]
    [InlineData("{\"email\": 1}", 400)]
    [InlineData("{\"email\": \"a@example.org\", \"email\": \"b@example.org\"}", 400)]
    [InlineData("{\"email\": \"a@example.org\", \"admin\": true}", 400)]
    [InlineData("{\"email\": \"a@example.org\", \"topics\": \"all\"}", 400)]
    [InlineData("{\"email\": \"a@example.org\", \"topics\": [1]}", 400)]
    [InlineData("{\"email\": \"\\ud800@example.org\"}", 400)]
    [InlineData("{\"email\": {\"a\": {\"b\": {\"c\": {\"d\": 1}}}}}", 400)]
    [InlineData("{}", 422)]
    [InlineData("{\"email\": \"a\\u0000@example.org\"}", 422)]
    [InlineData("{\"email\": \"a@example.org\\r\\nBcc: b@example.org\"}", 422)]
    [InlineData("{\"email\": \"a@example.org\", \"topics\": []}", 422)]
    [InlineData("{\"email\": \"a@example.org\", \"topics\": [\"gone\\u0000\"]}", 422)]
    [InlineData("{\"email\": \"a@example.org\", \"zone\": \"Europe/Atlantis\"}", 422)]
    [InlineData("{\"email\": \"a@example.org\", \"cadence\": \"monthly\", \"day\": 31}", 422)]
    [InlineData("{\"email\": \"a@example.org\", \"cadence\": \"weekly, daily\"}", 422)]
    [InlineData("{\"email\": \"a@example.org\", \"language\": \"EN\"}", 422)]
    public async Task Bad_JSON_gets_one_clear_answer_and_changes_nothing(string json, int status)
    {
        await using var house = await ServedHouse.OpenAsync(cluster);

        var answer = await house.ApiAsync(json);

        Assert.Equal(status, (int)answer.Status);
        Assert.StartsWith("{\"errors\":{", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.Body, StringComparison.Ordinal);
        Assert.Equal(0, await house.House.ScalarAsync<long>("select count(*) from join_requests"));
    }

    [Fact]
    public async Task What_is_too_large_or_no_form_is_refused_and_the_service_goes_on()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        var large = new string('a', 400_000);

        Assert.Equal(400, (int)(await house.SubscribeAsync(large)).Status);
        Assert.Equal(400, (int)(await house.SubscribeAsync("ada\0@example.org")).Status);
        Assert.Equal(413, (int)(await house.ApiAsync($$"""{"email": "{{large}}"}""")).Status);
        Assert.Equal(400, (int)(await house.PostAsync("/subscribe", new StringContent("x"))).Status);
        Assert.Equal(415, (int)(await house.PostAsync("/api/subscribers", new StringContent("x"))).Status);
        var many = string.Join('&', Enumerable.Range(0, 5000).Select(i => $"f{i}=1"));
        Assert.Equal(
            400,
            (int)(await house.PostAsync("/subscribe", new StringContent(many, Encoding.UTF8, "application/x-www-form-urlencoded"))).Status
        );
        Assert.Equal(200, (int)(await house.GetAsync("/subscribe")).Status);
    }

    [Fact]
    public async Task A_network_that_asks_too_often_is_told_when_to_come_back_whatever_the_address()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        for (var i = 0; i < JoinLimits.PerNetwork; i++)
        {
            var content = new FormUrlEncodedContent(ServedHouse.Fields($"reader{i}@example.org"));
            Assert.Equal(HttpStatusCode.OK, (await house.PostAsync("/subscribe", content, ("X-Forwarded-For", $"203.0.113.{i}"))).Status);
        }

        var busy = await house.PostAsync(
            "/subscribe",
            new FormUrlEncodedContent(ServedHouse.Fields("more@example.org")),
            ("X-Forwarded-For", "203.0.113.77")
        );
        var api = await house.PostAsync(
            "/api/subscribers",
            new StringContent("""{"email": "reader1@example.org"}""", Encoding.UTF8, "application/json"),
            ("X-Forwarded-For", "::ffff:203.0.113.78")
        );
        var elsewhere = await house.PostAsync(
            "/subscribe",
            new FormUrlEncodedContent(ServedHouse.Fields("more@example.org")),
            // only the last hop is the proxy's word
            ("X-Forwarded-For", "203.0.113.77, 198.51.100.1")
        );

        Assert.Equal((HttpStatusCode.TooManyRequests, "3600"), (busy.Status, busy.Headers["Retry-After"]));
        Assert.Equal((HttpStatusCode.TooManyRequests, "3600"), (api.Status, api.Headers["Retry-After"]));
        Assert.Equal(HttpStatusCode.OK, elsewhere.Status);
    }

    [Theory]
    [InlineData("fr-FR,fr;q=0.9,en;q=0.8", "fr", "Ce qui a changé, par courriel")]
    [InlineData("de,en;q=0.5,fr;q=0.4", "en", "What changed, by mail")]
    [InlineData("tlh", "en", "What changed, by mail")]
    [InlineData("nonsense;;q=x", "en", "What changed, by mail")]
    public async Task The_page_speaks_the_browsers_language(string accepts, string code, string title)
    {
        await using var house = await ServedHouse.OpenAsync(cluster);

        var page = await house.GetAsync("/subscribe", ("Accept-Language", accepts));

        Assert.Equal(title, page.Title);
        Assert.Contains($"<html lang=\"{code}\">", page.Body, StringComparison.Ordinal);
        Assert.Matches($"value=\"{code}\" lang=\"{code}\" selected", page.Body);
        Assert.Matches("value=\"Europe/Paris\" selected", page.Body);
    }

    [Fact]
    public async Task A_French_reader_is_asked_in_French()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        await house.SubscribeAsync("ada@example.org", ("language", "fr"));

        var token = await house.MailedAsync("confirm");

        var mail = Assert.Single(house.House.Mails());
        Assert.Equal("Confirmez votre abonnement à MilestoneWatch", mail.Subject);
        Assert.Contains("tous les sujets, chaque lundi à 08:00 (Paris)", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"fr\">", (await house.GetAsync($"/confirm/{token}")).Body, StringComparison.Ordinal);
    }

    private static Task<string?> FingerprintAsync(ServedHouse house) =>
        house.House.ScalarAsync<string>(
            "select md5((select string_agg(s::text, '|') from subscribers s) || (select string_agg(t::text, '|') from tokens t))"
        );
}
