using MilestoneWatch.Access;
using MilestoneWatch.Domain.Ledger;
using NodaTime;

namespace MilestoneWatch.Tests.Api;

public sealed class ApiTokenTests(PostgresCluster cluster)
{
    private const string Looked = """{"changes": {"kind": "looked"}}""";

    [Theory]
    [InlineData(null, "no-token")]
    [InlineData("Basic YW5hOmFuYQ==", "no-token")]
    [InlineData("Bearer", "no-token")]
    [InlineData("Bearer mwt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "dead-token")]
    [InlineData("Bearer something else", "dead-token")]
    public async Task Nothing_is_recorded_without_a_token_that_works(string? authorization, string type)
    {
        await using var served = await OpenAsync();
        var before = await served.LeftAsync();

        var answer = await served.SendAsync(
            HttpMethod.Post,
            "/api/v1/milestones/site/entries",
            Json(Looked),
            authorization is null ? [] : [("Authorization", authorization)]
        );

        Problem.Is(answer, 401, type);
        Assert.StartsWith("Bearer", answer.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer mwt_", (string?)answer.Json["what_to_do"], StringComparison.Ordinal);
        Assert.Equal(before, await served.LeftAsync());
    }

    [Fact]
    public async Task A_revoked_or_expired_token_works_no_more()
    {
        await using var served = await OpenAsync();
        var (revoked, expiring) = (await served.TokenAsync(), await served.TokenAsync("bo", life: Duration.FromDays(1)));
        Assert.Equal(201, (int)(await served.RecordAsync(revoked, Looked)).Status);
        Assert.Equal(201, (int)(await served.RecordAsync(expiring, Looked)).Status);

        await served.House.ExecuteAsync("update api_tokens set revoked_at = now() where id = 1");
        served.House.Clock.AdvanceDays(1);

        Problem.Is(await served.RecordAsync(revoked, Looked), 401, "dead-token");
        Problem.Is(await served.RecordAsync(expiring, Looked), 401, "dead-token");
        Problem.Is(await served.AskAsync("/api/v1/milestones", "GET", ("Authorization", revoked)), 401, "dead-token");
    }

    [Fact]
    public async Task A_token_does_what_its_scopes_say_and_no_more()
    {
        await using var served = await OpenAsync();
        var records = await served.TokenAsync(role: Role.Admin);
        var reads = await served.TokenAsync("boss", [Scope.Readers], Role.Admin);
        var demoted = await served.TokenAsync("former", [Scope.Readers, Scope.Record]);

        Problem.Is(await served.RecordAsync(reads, Looked), 403, "not-allowed");
        foreach (var address in (string[])["/api/v1/readers", "/api/v1/readers/1"])
        {
            Problem.Is(await served.AskAsync(address), 401, "no-token");
            Problem.Is(await served.AskAsync(address, "GET", ("Authorization", records)), 403, "not-allowed");
            Problem.Is(await served.AskAsync(address, "GET", ("Authorization", demoted)), 403, "not-allowed");
        }
        foreach (var address in (string[])["/api/v1/audit", "/api/v1/attention"])
        {
            Problem.Is(await served.AskAsync(address), 401, "no-token");
            Problem.Is(await served.AskAsync(address, "GET", ("Authorization", reads)), 403, "not-allowed");
        }
        Assert.Equal(200, (int)(await served.AskAsync("/api/v1/readers", "GET", ("Authorization", reads))).Status);
        Assert.Equal(200, (int)(await served.AskAsync("/api/v1/audit", "GET", ("Authorization", records))).Status);
    }

    [Fact]
    public async Task Who_records_is_the_tokens_and_the_door_is_the_apis()
    {
        await using var served = await OpenAsync();

        var forged = await served.RecordAsync(await served.TokenAsync(), """{"changes": {"kind": "looked"}, "actor": "boss"}""");
        var answer = await served.RecordAsync(await served.TokenAsync(), Looked);

        Problem.Is(forged, 400, "bad-body");
        Assert.Equal(201, (int)answer.Status);
        Assert.Equal(
            "ana through api",
            await served.House.ScalarAsync<string>(
                "select u.name || ' through ' || e.door from entries e join users u on u.id = e.actor order by position desc limit 1"
            )
        );
        Assert.DoesNotContain("ana", answer.Text, StringComparison.Ordinal);
        Assert.Equal(EntryKind.Looked, (await served.House.HistoryAsync("site"))[^1].Kind);
    }

    [Fact]
    public async Task No_other_site_is_let_in_and_a_cookie_is_no_token()
    {
        await using var served = await OpenAsync();

        var answer = await served.SendAsync(
            HttpMethod.Post,
            "/api/v1/milestones/site/entries",
            Json(Looked),
            ("Origin", "https://other.example"),
            ("Cookie", "__Host-mw-session=whatever")
        );
        var asked = await served.AskAsync(
            "/api/v1/milestones/site/entries",
            "OPTIONS",
            ("Origin", "https://other.example"),
            ("Access-Control-Request-Method", "POST")
        );

        Problem.Is(answer, 401, "no-token");
        Problem.Is(asked, 405, "wrong-method");
        Assert.DoesNotContain(
            answer.Headers.Keys.Concat(asked.Headers.Keys),
            name => name.StartsWith("Access-Control", StringComparison.Ordinal)
        );
    }

    private static StringContent Json(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    private async Task<ServedApi> OpenAsync()
    {
        var served = await ServedApi.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q4 2026");
        return served;
    }
}
