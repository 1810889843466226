using NodaTime;

namespace MilestoneWatch.Tests.Api;

public sealed class ApiKeyTests(PostgresCluster cluster)
{
    private const string Looked = """{"changes": {"kind": "looked"}, "note": "nothing new"}""";

    [Fact]
    public async Task The_same_request_with_the_same_key_is_done_once_and_answered_the_same()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();

        var first = await served.RecordAsync(token, Looked, ("Idempotency-Key", "one"));
        await served.RecordAsync(token, Looked);
        served.House.Clock.Advance(Duration.FromHours(23));
        var again = await served.RecordAsync(token, Looked, ("Idempotency-Key", "\"one\""));

        Assert.Equal(201, (int)first.Status);
        Assert.Equal((first.Status, first.Text), (again.Status, again.Text));
        foreach (var name in (string[])["ETag", "Location", "Content-Type"])
        {
            Assert.Equal(first.Headers[name], again.Headers[name]);
        }
        Assert.Equal("true", again.Headers["Idempotency-Replayed"]);
        Assert.DoesNotContain("Idempotency-Replayed", first.Headers.Keys);
        Assert.Equal(3, (await served.House.HistoryAsync("site")).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Twenty_at_once_are_one_change_with_twenty_equal_answers(bool conditional)
    {
        await using var served = await OpenAsync();
        await using var another = await served.House.AnotherAsync();
        await using var replica = await Web.ServedHouse.ServeAsync(another);
        using var client = new HttpClient { BaseAddress = new Uri(replica.Urls.Single()) };
        var token = await served.TokenAsync();
        (string, string)[] headers =
        [
            ("Idempotency-Key", "twenty"),
            .. conditional
                ? (List<(string, string)>)[("If-Match", (await served.AskAsync("/api/v1/milestones/site")).Headers["ETag"])]
                : [],
        ];

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(i =>
                    i % 2 == 0
                        ? served.RecordAsync(token, Looked, headers)
                        : ServedApi.PostAsync(client, token, "/api/v1/milestones/site/entries", Looked, headers)
                )
        );

        Assert.All(answers, answer => Assert.True((int)answer.Status == 201, answer.Text));
        Assert.Single(answers.Select(answer => (answer.Text, answer.Headers["ETag"], answer.Headers["Location"])).Distinct());
        Assert.Equal(19, answers.Count(answer => answer.Headers.ContainsKey("Idempotency-Replayed")));
        Assert.Equal(2, (await served.House.HistoryAsync("site")).Count);
    }

    [Fact]
    public async Task A_new_milestone_that_is_sent_at_once_is_added_once()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        const string Added = """{"slug": "other", "definition": {"title": "The other opens"}}""";

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => served.PostAsync(token, "/api/v1/milestones", Added, ("Idempotency-Key", "new")))
        );

        Assert.All(answers, answer => Assert.True((int)answer.Status == 201, answer.Text));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
    }

    [Fact]
    public async Task A_key_is_for_one_request()
    {
        await using var served = await OpenAsync();
        var (ana, bo) = (await served.TokenAsync(), await served.TokenAsync("bo"));
        await served.House.PromiseAsync("other", "2027");
        await served.RecordAsync(ana, Looked, ("Idempotency-Key", "one"));

        var otherBody = await served.RecordAsync(ana, """{"changes": {"kind": "looked"}}""", ("Idempotency-Key", "one"));
        var otherAddress = await served.PostAsync(ana, "/api/v1/milestones/other/entries", Looked, ("Idempotency-Key", "one"));
        var otherToken = await served.RecordAsync(bo, Looked, ("Idempotency-Key", "one"));

        Problem.Is(otherBody, 422, "key-used");
        Problem.Is(otherAddress, 422, "key-used");
        Assert.Equal(201, (int)otherToken.Status);
        Assert.Equal(3, (await served.House.HistoryAsync("site")).Count);
    }

    [Fact]
    public async Task A_refusal_and_a_dry_run_use_no_key()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        var before = await served.LeftAsync();
        const string Unproven = """{"changes": {"kind": "status_changed", "status": "achieved"}, "source": "A new one"}""";

        Problem.Is(await served.RecordAsync(token, Unproven, ("Idempotency-Key", "one")), 422, "refused");
        var dry = await served.PostAsync(token, "/api/v1/milestones/site/entries?dry_run=true", Looked, ("Idempotency-Key", "one"));
        Assert.Equal(200, (int)dry.Status);
        Assert.Equal(before, await served.LeftAsync());

        Assert.Equal(201, (int)(await served.RecordAsync(token, Looked, ("Idempotency-Key", "one"))).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("a b")]
    [InlineData("TOO LONG")]
    public async Task A_key_is_visible_ASCII(string key)
    {
        await using var served = await OpenAsync();

        var answer = await served.RecordAsync(
            await served.TokenAsync(),
            Looked,
            ("Idempotency-Key", key == "TOO LONG" ? new string('x', 201) : key)
        );

        Problem.Is(answer, 400, "bad-header");
        Assert.Equal("Idempotency-Key", (string?)answer.Json["parameter"]);
        Assert.Single(await served.House.HistoryAsync("site"));
    }

    [Fact]
    public async Task An_answer_is_kept_a_day_and_forgotten_later()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        await served.RecordAsync(token, Looked, ("Idempotency-Key", "one"));
        served.House.Clock.Advance(Duration.FromHours(24));
        await served.RecordAsync(token, Looked, ("Idempotency-Key", "two"));
        Assert.Equal("one, two", await KeysAsync(served));

        served.House.Clock.Advance(Duration.FromHours(1));
        await served.RecordAsync(token, Looked, ("Idempotency-Key", "three"));

        Assert.Equal("three, two", await KeysAsync(served));
    }

    private static Task<string?> KeysAsync(ServedApi served) =>
        served.House.ScalarAsync<string>("select string_agg(key, ', ' order by key) from kept_answers");

    private async Task<ServedApi> OpenAsync()
    {
        var served = await ServedApi.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q4 2026");
        return served;
    }
}
