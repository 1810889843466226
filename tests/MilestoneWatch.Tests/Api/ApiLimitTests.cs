using NodaTime;

namespace MilestoneWatch.Tests.Api;

public sealed class ApiLimitTests(PostgresCluster cluster)
{
    private const string Looked = """{"changes": {"kind": "looked"}}""";

    [Fact]
    public async Task Every_answer_says_what_is_left()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();

        var read = await served.AskAsync("/api/v1/milestones");
        served.House.Clock.Advance(Duration.FromSeconds(20));
        var nothing = await served.AskAsync("/api/v1/nothing");
        var own = await served.AskAsync("/api/v1/openapi.json", "HEAD", ("Authorization", token));
        var written = await served.RecordAsync(token, Looked);
        var refused = await served.RecordAsync(token, "{");

        Assert.Equal(("600", "599", "60"), Left(read));
        Assert.Equal(("600", "598", "40"), Left(nothing));
        Assert.Equal(("1200", "1199", "60"), Left(own));
        Assert.Equal(("120", "119", "60"), Left(written));
        Assert.Equal(("120", "118", "60"), Left(refused));
    }

    [Fact]
    public async Task Whoever_asks_too_often_waits_for_the_next_window_at_every_replica()
    {
        await using var served = await OpenAsync();
        await using var another = await served.House.AnotherAsync();
        await using var replica = await Web.ServedHouse.ServeAsync(another);
        using var client = new HttpClient { BaseAddress = new Uri(replica.Urls.Single()) };
        var token = await served.TokenAsync();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 130)
                .Select(i =>
                    i % 2 == 0
                        ? served.RecordAsync(token, "{}")
                        : ServedApi.PostAsync(client, token, "/api/v1/milestones/site/entries", "{}")
                )
        );

        Assert.Equal((120, 10), (answers.Count(answer => (int)answer.Status == 400), answers.Count(answer => (int)answer.Status == 429)));
        var last = answers.First(answer => (int)answer.Status == 429);
        Problem.Is(last, 429, "too-many");
        Assert.Equal(("120", "0", "60"), Left(last));
        Assert.Equal("60", last.Headers["Retry-After"]);
        Assert.Equal(200, (int)(await served.AskAsync("/api/v1/milestones", "GET", ("Authorization", token))).Status);

        served.House.Clock.Advance(Duration.FromMinutes(1));
        Assert.Equal(201, (int)(await served.RecordAsync(token, Looked)).Status);
    }

    [Fact]
    public async Task A_network_that_is_out_of_reads_does_not_hold_up_a_token()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        await served.AskAsync("/api/v1/milestones");
        await served.House.ExecuteAsync("update limits set used = 600");

        var answer = await served.AskAsync("/api/v1/milestones");
        var guess = await served.AskAsync("/api/v1/milestones", "GET", ("Authorization", "Bearer mwt_guess"));

        Problem.Is(answer, 429, "too-many");
        Problem.Is(guess, 429, "too-many");
        Assert.Equal(200, (int)(await served.AskAsync("/api/v1/milestones", "GET", ("Authorization", token))).Status);
    }

    private static (string, string, string) Left(ServedApi.Answer answer) =>
        (answer.Headers["RateLimit-Limit"], answer.Headers["RateLimit-Remaining"], answer.Headers["RateLimit-Reset"]);

    private async Task<ServedApi> OpenAsync()
    {
        var served = await ServedApi.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q4 2026");
        return served;
    }
}
