using System.Text.Json.Nodes;
using MilestoneWatch.Access;
using MilestoneWatch.Domain.Subscribers;

namespace MilestoneWatch.Tests.Api;

public sealed class ApiChangeTests(PostgresCluster cluster)
{
    [Fact]
    public async Task Everything_that_an_analyst_types_can_be_sent()
    {
        await using var served = await OpenAsync();
        await served.House.CountedAsync();
        var token = await served.TokenAsync();

        var moved = await DoneAsync(
            "site",
            """
            {
              "changes": [
                {"kind": "rescheduled", "promise": {"phrase": "Q1 FY2027", "fiscal_year_starts": 4}},
                {"kind": "status_changed", "status": "delayed"}
              ],
              "happened_on": "27 May 2026",
              "note": "They said so at the fair.",
              "source": {"publisher": "Acme", "title": "News", "url": "https://acme.example/news", "published_on": "2026-05-27",
                         "retrieved_at": "2026-05-28T07:00:00Z", "content": "It opens in the first quarter."},
              "quote": "Q1 FY2027",
              "standing": "reported"
            }
            """
        );
        Assert.Equal(("delayed", "2026-04-01", 1), ((string)moved["status"]!, (string)moved["window"]!["earliest"]!, (int)moved["moves"]!));

        var read = await DoneAsync(
            "site",
            """
            {"changes": {"kind": "reading_added", "promise": {"phrase": "by 2028"}, "means": "fully operational", "conflicts": true},
             "source": "Le Monde", "quote": "in other words", "verbatim": false}
            """
        );
        var reading = read["readings"]!.AsArray().Single()!;
        Assert.Equal(("fully operational", true), ((string)reading["means"]!, (bool)reading["conflicts"]!));

        var adopted = await DoneAsync("site", $$"""{"changes": [{"kind": "rescheduled", "adopt": {{reading["position"]}}}]}""");
        Assert.Equal("by 2028", (string)adopted["window"]!["phrase"]!);
        Assert.Equal("in other words", (await served.House.HistoryAsync("site"))[^1].Body!.Quote);
        Assert.Equal("Le Monde", (await served.House.HistoryAsync("site"))[^1].Body!.Source!.Publisher);

        await DoneAsync(
            "site",
            """{"changes": {"kind": "evidence_added", "stance": "supports"}, "quote": "It is open", "source": "Acme", "standing": "confirmed"}"""
        );
        Assert.Equal(
            "achieved",
            (string)(await DoneAsync("site", """{"changes": {"kind": "status_changed", "status": "achieved"}}"""))["status"]!
        );
        Assert.Equal("planned", (string)(await DoneAsync("site", """{"changes": {"kind": "reopened", "reason": "It shut"}}"""))["status"]!);
        Assert.Equal(
            "2026-05-28",
            (string)(await DoneAsync("site", """{"changes": {"kind": "looked"}, "source": "https://acme.example/news"}"""))["last_looked"]!
        );
        var forecast = await DoneAsync(
            "site",
            """{"changes": {"kind": "forecast", "points": [{"by": "end of 2028", "probability": 0.75}, {"by": "2026-12-31", "probability": 0.1}]}}"""
        );
        Assert.Equal([0.1m, 0.75m], forecast["forecast"]!["points"]!.AsArray().Select(point => (decimal)point!["probability"]!));

        Assert.Equal(
            150.5m,
            (decimal)(await DoneAsync("power", """{"changes": {"kind": "progress_recorded", "value": 150.5}}"""))["progress"]!["value"]!
        );
        Assert.Equal(
            250m,
            (decimal)(await DoneAsync("power", """{"changes": {"kind": "redefined", "definition": {"target": 250}}}"""))["target"]!
        );
        var tally = await DoneAsync(
            "customers",
            """{"changes": {"kind": "evidence_added", "name": "BNP", "relation": "renewal", "stance": "supports"}, "source": "Reuters"}"""
        );
        Assert.Equal(["BNP"], tally["tally"]!.AsArray().Select(name => (string)name!));
        await DoneAsync(
            "customers",
            """{"changes": {"kind": "redefined", "definition": {"baseline": ["SNCF"], "relations": {"pilot": false}, "remove": ["Airbus"], "counts_when": null}}}"""
        );
        Assert.Equal(["SNCF"], (await served.House.MilestoneAsync("customers")).Definition.Baseline);

        async Task<JsonNode> DoneAsync(string slug, string json)
        {
            var answer = await served.PostAsync(token, $"/api/v1/milestones/{slug}/entries", json);
            Assert.True((int)answer.Status == 201, answer.Text);
            return answer.Json;
        }
    }

    [Fact]
    public async Task A_milestone_is_added_and_an_entry_retracted()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();

        var added = await served.PostAsync(
            token,
            "/api/v1/milestones",
            """
            {"slug": "depot", "kind": "quantity", "zone": "Europe/Paris", "subject": "acme", "promise": {"phrase": "by 2028"},
             "definition": {"title": "The depot holds 40 buses", "target": 40, "unit": "buses", "direction": "at_least", "quiet_days": 0},
             "note": "New", "source": "Acme"}
            """
        );
        await served.PostAsync(token, "/api/v1/milestones/depot/entries", """{"changes": {"kind": "progress_recorded", "value": 4}}""");
        var retracted = await served.PostAsync(token, "/api/v1/entries/3/retraction", """{"reason": "It was another depot."}""");
        var again = await served.PostAsync(token, "/api/v1/entries/3/retraction", """{"reason": "It was another depot."}""");

        Assert.Equal((201, "/api/v1/milestones/depot"), ((int)added.Status, added.Headers["Location"]));
        Assert.Equal(("quantity", 2), ((string)added.Json["kind"]!, (int)added.Json["recorded"]!));
        Assert.Equal(201, (int)retracted.Status);
        Assert.Null(retracted.Json["progress"]);
        Problem.Is(again, 422, "refused");
        Problem.Is(
            await served.PostAsync(token, "/api/v1/milestones", """{"slug": "depot", "definition": {"title": "Twice"}}"""),
            422,
            "refused"
        );
        Problem.Is(await served.PostAsync(token, "/api/v1/entries/1/retraction", """{"reason": "x"}"""), 422, "refused");
    }

    [Fact]
    public async Task A_dry_run_says_what_readers_would_be_told_and_records_nothing()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        await served.House.JoinAsync("ada@example.org", Cadence.Immediate);
        var before = await served.LeftAsync();
        const string Moved = """{"changes": {"kind": "rescheduled", "promise": {"phrase": "2027"}}, "source": "A new one"}""";

        var dry = await served.PostAsync(token, "/api/v1/milestones/site/entries?dry_run=true", Moved);
        var added = await served.PostAsync(
            token,
            "/api/v1/milestones?dry_run=true",
            """{"slug": "other", "definition": {"title": "The other opens"}}"""
        );
        var retraction = await served.PostAsync(token, "/api/v1/entries/1/retraction?dry_run=true", """{"reason": "x"}""");

        Assert.Equal((200, 200), ((int)dry.Status, (int)added.Status));
        Problem.Is(retraction, 422, "refused");
        Assert.Null(dry.Json["recorded"]);
        Assert.Equal(before, await served.LeftAsync());
        Assert.DoesNotContain("Location", dry.Headers.Keys);

        var real = await served.RecordAsync(token, Moved);
        Assert.True(JsonNode.DeepEquals(real.Json["told"], dry.Json["told"]), dry.Text);
        Assert.Equal(1, (int)real.Json["told"]!["readers"]!);
        Assert.Equal("site moved from Q4 2026 to 2027 (365 days later)", (string)real.Json["told"]!["subject"]!);
    }

    [Fact]
    public async Task The_answer_is_the_milestone_as_it_is_read_from_now_on()
    {
        await using var served = await OpenAsync();

        var answer = await served.RecordAsync(await served.TokenAsync(), """{"changes": {"kind": "looked"}}""");

        var written = answer.Json.AsObject();
        Assert.Equal(2, (int)written["recorded"]!);
        Assert.Null(written["told"]);
        written.Remove("recorded");
        written.Remove("told");
        Assert.True(JsonNode.DeepEquals(written, await served.ReadAsync("/api/v1/milestones/site")));
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }

    [Fact]
    public async Task An_audit_tells_who_recorded_what_through_which_door()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        await served.House.StatusAsync("site", Domain.Milestones.Status.AtRisk);
        await served.RecordAsync(token, """{"changes": {"kind": "looked"}}""");
        await served.RecordAsync(await served.TokenAsync("bo"), """{"changes": {"kind": "looked"}}""");

        Assert.Equal(["4 bo api", "3 ana api", "2 ana cli", "1 watchlist import"], await ToldAsync(""));
        Assert.Equal(["3 ana api", "2 ana cli"], await ToldAsync("analyst=ana"));
        Assert.Equal(["4 bo api", "3 ana api"], await ToldAsync("door=api"));
        Assert.Equal(["4 bo api", "2 ana cli"], (await ToldAsync("door=api&door=cli&analyst=bo&analyst=ana")).Except(["3 ana api"]));
        foreach (var bad in (string[])["analyst=an", "door=web", "doors=api"])
        {
            Problem.Is(await served.AskAsync($"/api/v1/audit?{bad}", "GET", ("Authorization", token)), 400, "bad-parameter");
        }

        async Task<IEnumerable<string>> ToldAsync(string filter) =>
            (await served.WalkAsync($"/api/v1/audit?limit=1&{filter}", token: token)).Select(entry =>
                $"{entry["position"]} {entry["analyst"]} {entry["door"]}"
            );
    }

    [Fact]
    public async Task What_waits_for_analysts_is_told_as_of_then_page_by_page()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        await served.House.PromiseAsync("earlier", "June 2026");
        await served.House.PromiseAsync("later", "2030");
        await served.House.RunAtAsync("2027-01-05T08:00:00Z");

        var now = await served.WalkAsync("/api/v1/attention?limit=1", token: token);
        var then = await served.WalkAsync("/api/v1/attention?asOf=2026-07-15", token: token);

        Assert.Equal(["site", "earlier"], now.Select(item => (string)item["slug"]!));
        Assert.Equal("window_closed", (string)now[0]["waiting"]![0]!);
        Assert.Equal(["earlier"], then.Select(item => (string)item["slug"]!));
    }

    [Fact]
    public async Task Readers_are_told_with_what_each_was_sent_or_why_not()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync("boss", [Scope.Readers], Role.Admin);
        await served.House.JoinAsync("ada@example.org", Cadence.Daily);
        await served.House.JoinAsync("bob@example.org", Cadence.Weekly, "site");
        await served.House.RunAtAsync("2026-05-29T08:00:00Z");
        await served.House.RescheduleAsync("site", "2027");
        await served.House.RunAtAsync("2026-05-30T08:00:00Z");

        var readers = await served.WalkAsync("/api/v1/readers?limit=1", token: token);
        var ada = (await served.AskAsync($"/api/v1/readers/{readers[0]["id"]}", "GET", ("Authorization", token))).Json;

        Assert.Equal(["ada@example.org", "bob@example.org"], readers.Select(reader => (string)reader["email"]!));
        Assert.Equal(["nothing had changed", "digest 1"], ada["due"]!.AsArray().Select(due => (string)due!["why"]!));
        Assert.Equal("sent", (string)ada["due"]![1]!["delivery"]!);
        foreach (var id in (string[])["99", "one", "-1"])
        {
            Problem.Is(await served.AskAsync($"/api/v1/readers/{id}", "GET", ("Authorization", token)), 404, "no-such-reader");
        }
    }

    private async Task<ServedApi> OpenAsync()
    {
        var served = await ServedApi.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q4 2026");
        return served;
    }
}
