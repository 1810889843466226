using System.Text.Json.Nodes;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;

namespace MilestoneWatch.Tests.Api;

public sealed class ApiConditionTests(PostgresCluster cluster)
{
    private const string Looked = """{"changes": {"kind": "looked"}}""";

    [Fact]
    public async Task A_change_of_what_was_read_is_recorded_and_gives_the_next_tag()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        var read = await served.AskAsync("/api/v1/milestones/site");

        var first = await served.RecordAsync(token, Looked, ("If-Match", read.Headers["ETag"]));
        var second = await served.RecordAsync(token, Looked, ("If-Match", first.Headers["ETag"]));

        Assert.Equal((201, 201), ((int)first.Status, (int)second.Status));
        Assert.Equal("/api/v1/milestones/site", second.Headers["Location"]);
        Assert.Equal((await served.AskAsync("/api/v1/milestones/site")).Headers["ETag"], second.Headers["ETag"]);
    }

    [Fact]
    public async Task A_change_of_what_has_changed_since_is_refused_with_what_changed()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        var seen = (await served.AskAsync("/api/v1/milestones/site")).Headers["ETag"];
        await served.House.StatusAsync("site", Status.AtRisk);
        await served.House.RescheduleAsync("site", "2027");
        var before = await served.LeftAsync();

        var answer = await served.RecordAsync(
            token,
            """{"changes": {"kind": "looked"}, "source": {"publisher": "A new one", "content": "words"}}""",
            ("If-Match", seen),
            ("Idempotency-Key", "stale")
        );

        Problem.Is(answer, 412, "stale");
        var now = (await served.AskAsync("/api/v1/milestones/site")).Headers["ETag"];
        Assert.Equal((now, now), ((string?)answer.Json["etag"], answer.Headers["ETag"]));
        Assert.Equal(
            [("status_changed", 2), ("rescheduled", 3)],
            answer.Json["changed_since"]!.AsArray().Select(entry => ((string)entry!["kind"]!, (int)entry["position"]!))
        );
        Assert.Equal(before, await served.LeftAsync());
    }

    [Theory]
    [InlineData("*", 201)]
    [InlineData("\"1\"", 201)]
    [InlineData("\"9-f\", \"1-anything\"", 201)]
    [InlineData("\"9-f\",\"8\"", 412)]
    [InlineData("W/\"1-f\"", 412)]
    [InlineData("\"f\"", 412)]
    [InlineData("\"\"", 412)]
    [InlineData("1", 400)]
    [InlineData("\"1", 400)]
    [InlineData("\"1\" or so", 400)]
    public async Task Of_a_tag_the_revision_counts(string condition, int status)
    {
        await using var served = await OpenAsync();

        var answer = await served.RecordAsync(await served.TokenAsync(), Looked, ("If-Match", condition));

        Assert.True(status == (int)answer.Status, answer.Text);
    }

    [Fact]
    public async Task What_the_clock_said_since_makes_nobody_look_again()
    {
        await using var served = await OpenAsync();
        var seen = (await served.AskAsync("/api/v1/milestones/site")).Headers["ETag"];
        await served.House.RunAtAsync("2027-01-02T12:00:00Z");
        Assert.NotEqual(seen, (await served.AskAsync("/api/v1/milestones/site")).Headers["ETag"]);

        var answer = await served.RecordAsync(await served.TokenAsync(), Looked, ("If-Match", seen));

        Assert.Equal(201, (int)answer.Status);
    }

    [Fact]
    public async Task Without_a_condition_the_newest_is_changed_however_many_come_at_once()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 12)
                .Select(i =>
                    served.RecordAsync(token, $$$$"""{"changes": {"kind": "redefined", "definition": {"detail": "Wording {{{{i}}}}"}}}""")
                )
        );

        Assert.All(answers, answer => Assert.True((int)answer.Status == 201, answer.Text));
        Assert.Equal(13, (await served.House.MilestoneAsync("site")).State.Revision);
        var retraction = await served.PostAsync(
            token,
            "/api/v1/entries/5/retraction",
            """{"reason": "a mistake"}""",
            ("If-Match", answers[0].Headers["ETag"])
        );
        Assert.Contains((int)retraction.Status, (int[])[201, 412]);
    }

    [Fact]
    public async Task Of_many_changes_of_the_same_revision_one_is_recorded()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        var seen = (await served.AskAsync("/api/v1/milestones/site")).Headers["ETag"];

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => served.RecordAsync(token, Looked, ("If-Match", seen))));

        Assert.Single(answers, answer => (int)answer.Status == 201);
        Assert.Equal(11, answers.Count(answer => (int)answer.Status == 412));
        Assert.Equal(2, (await served.House.HistoryAsync("site")).Count);
    }

    [Fact]
    public async Task A_retraction_of_what_has_changed_since_is_refused()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        var look = await served.House.RecordAsync(new RecordRequest("site", new Domain.Ledger.Looked(), "bo"));
        var seen = (await served.AskAsync("/api/v1/milestones/site")).Headers["ETag"];
        await served.House.StatusAsync("site", Status.AtRisk);
        var address = $"/api/v1/entries/{look}/retraction";

        Problem.Is(await served.PostAsync(token, address, """{"reason": "another page"}""", ("If-Match", seen)), 412, "stale");
        var answer = await served.PostAsync(token, address, """{"reason": "another page"}""", ("If-Match", "*"));

        Assert.Equal(201, (int)answer.Status);
        Assert.Null(JsonNode.Parse(answer.Text)!["last_looked"]);
    }

    private async Task<ServedApi> OpenAsync()
    {
        var served = await ServedApi.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q4 2026");
        return served;
    }
}
