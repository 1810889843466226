using System.Net;
using System.Text.Json.Nodes;
using MilestoneWatch.Tests.Web;

namespace MilestoneWatch.Tests.Bounces;

public sealed class BouncesApiTests(PostgresCluster cluster)
{
    private const string Token = "a-token-that-tests-know";

    [Fact]
    public async Task Without_a_token_configured_there_is_no_door()
    {
        await using var served = await ServedHouse.OpenAsync(cluster);

        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(served, "hello"u8.ToArray(), $"Bearer {Token}")).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer another-token-altogether")]
    [InlineData("Bearer ")]
    [InlineData("Basic a-token-that-tests-know")]
    public async Task Whoever_does_not_know_the_token_changes_nothing(string? authorization)
    {
        await using var served = await OpenAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(served, Report(), authorization)).Status);
        Assert.Equal(0, await served.House.ScalarAsync<int>("select count(*) from bounces"));
    }

    [Fact]
    public async Task A_report_is_answered_with_what_was_read_and_counts_once()
    {
        await using var served = await OpenAsync();
        await served.ReaderAsync();
        var report = Report();

        var first = await PostAsync(served, report, $"Bearer {Token}");
        var again = await PostAsync(served, report, $"Bearer {Token}");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.Status, again.Status));
        var json = JsonNode.Parse(first.Body)!;
        Assert.Equal(("hard", "ada@example.org", "5.1.1"), ((string?)json["kind"], (string?)json["recipient"], (string?)json["status"]));
        Assert.Equal("ada@example.org", (string?)json["suppressed"]);
        Assert.False((bool)JsonNode.Parse(again.Body)!["counted"]!);
        Assert.Equal(1, await served.House.ScalarAsync<int>("select count(*) from suppressions"));
    }

    [Fact]
    public async Task What_is_longer_than_a_megabyte_is_refused()
    {
        await using var served = await OpenAsync();

        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            (await PostAsync(served, new byte[(1024 * 1024) + 1], $"Bearer {Token}")).Status
        );
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(served, new byte[1024 * 1024], $"Bearer {Token}")).Status);
    }

    private static byte[] Report() => Reports.Report("watch@localhost", "ada@example.org", "5.1.1", "550 user unknown");

    private static Task<ServedHouse.Answer> PostAsync(ServedHouse served, byte[] body, string? authorization)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("message/rfc822");
        return authorization is null
            ? served.PostAsync("/api/bounces", content)
            : served.PostAsync("/api/bounces", content, ("Authorization", authorization));
    }

    private async Task<ServedHouse> OpenAsync()
    {
        var served = await ServedHouse.OpenAsync(cluster);
        served.House.Mw.Settings.Bounces.Token = Token;
        return served;
    }
}
