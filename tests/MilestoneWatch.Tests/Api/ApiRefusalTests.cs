using System.Net;

namespace MilestoneWatch.Tests.Api;

public sealed class ApiRefusalTests(PostgresCluster cluster)
{
    [Theory]
    [InlineData("milestones?limit=0", "limit", "from 1 to 200")]
    [InlineData("milestones?limit=201", "limit", "from 1 to 200")]
    [InlineData("milestones?limit=-1", "limit", "from 1 to 200")]
    [InlineData("milestones?limit=1.5", "limit", "from 1 to 200")]
    [InlineData("milestones?limit=99999999999999999999", "limit", "from 1 to 200")]
    [InlineData("milestones?limit=1&limit=2", "limit", "give limit once")]
    [InlineData("milestones?asOf=soonish", "asOf", "2026-10-05T08:00:00Z")]
    [InlineData("milestones/site?asOf=9999-12-31", "asOf", "2026-10-05T08:00:00Z")]
    [InlineData("milestones/site/history?asOf=2026-02-30", "asOf", "2026-10-05T08:00:00Z")]
    [InlineData("subjects?asOf=%00", "asOf", "2026-10-05T08:00:00Z")]
    [InlineData("milestones?cursor=next", "cursor", "pass next_cursor as it came")]
    [InlineData("milestones?cursor=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "cursor", "pass next_cursor as it came")]
    [InlineData("milestones?cursor=%20AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%20", "cursor", "pass next_cursor as it came")]
    [InlineData("milestones?cursor=%C3%A9%00", "cursor", "pass next_cursor as it came")]
    [InlineData("milestones?kind=events", "kind", "did you mean \"event\"? kind is one of event, quantity, tally, question")]
    [InlineData("milestones?kind=Event", "kind", "did you mean \"event\"?")]
    [InlineData("milestones?status=planned&status=late", "status", "one of planned, on_track, at_risk")]
    [InlineData("milestones?subject=acne", "subject", "did you mean \"acme\"? a subject is named by its slug: /api/v1/subjects lists all")]
    [InlineData("milestones?subject=%00", "subject", "/api/v1/subjects lists all")]
    [InlineData("milestones?stauts=planned", "stauts", "did you mean status?")]
    [InlineData("milestones?asof=2026-10-05", "asof", "did you mean asOf?")]
    [InlineData("milestones/site?limit=1", "limit", "it takes asOf")]
    [InlineData("windows/parse", "phrase", "as it was printed")]
    [InlineData("windows/parse?phrase=%20", "phrase", "as it was printed")]
    [InlineData("windows/parse?phrase=2027&on=2026-13-01", "on", "2026-09-30 or 30 September 2026")]
    [InlineData("windows/parse?phrase=2027&fiscal_year_starts=13", "fiscal_year_starts", "from 1 to 12")]
    public async Task What_cannot_be_read_is_refused_by_its_name_with_what_would_do(string question, string parameter, string whatToDo)
    {
        await using var served = await OpenAsync();

        var answer = await served.AskAsync($"/api/v1/{question}");

        Assert.Equal((HttpStatusCode.BadRequest, parameter), (answer.Status, (string?)answer.Json["parameter"]));
        Assert.Contains(whatToDo, (string?)answer.Json["what_to_do"], StringComparison.Ordinal);
        AssertProblem(answer, 400, "bad-parameter");
    }

    [Theory]
    [InlineData("milestones/stie", "did you mean \"site\"?")]
    [InlineData("milestones/SITE/history", "did you mean \"site\"?")]
    [InlineData("milestones/%01", "/api/v1/milestones lists all")]
    [InlineData("milestones/..%2F..%2Fetc", "/api/v1/milestones lists all")]
    [InlineData("milestones/%F0%9F%98%80%FF/history", "/api/v1/milestones lists all")]
    [InlineData("milestones/site?asOf=2026-05-27", "ask with a later asOf")]
    [InlineData("milestones/site/history?asOf=2026-05-27T00:00:00Z", "ask with a later asOf")]
    public async Task An_unknown_slug_is_answered_with_what_was_probably_meant(string question, string whatToDo)
    {
        await using var served = await OpenAsync();

        var answer = await served.AskAsync($"/api/v1/{question}");

        AssertProblem(answer, 404, "no-such-milestone");
        Assert.Contains(whatToDo, (string?)answer.Json["what_to_do"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_without_end_are_answered_in_few()
    {
        await using var served = await OpenAsync();
        var endless = string.Concat(Enumerable.Repeat("😀", 500));

        var slug = await served.AskAsync($"/api/v1/milestones/{Uri.EscapeDataString(endless)}");
        var word = await served.AskAsync($"/api/v1/milestones?kind=x{Uri.EscapeDataString(endless)}");

        AssertProblem(slug, 404, "no-such-milestone");
        AssertProblem(word, 400, "bad-parameter");
        Assert.True(slug.Text.Length < 1000, slug.Text);
        Assert.DoesNotContain("\uFFFD", word.Text + slug.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/milestone")]
    [InlineData("/milestones/site/entries")]
    [InlineData("/windows")]
    [InlineData("/../v1/nothing.json")]
    public async Task An_unknown_address_is_a_problem_too(string path)
    {
        await using var served = await OpenAsync();

        AssertProblem(await served.AskAsync($"/api/v1{path}"), 404, "no-such-address");
        AssertProblem(await served.AskAsync($"/api/v1{path}", "POST"), 404, "no-such-address");
    }

    [Theory]
    [InlineData("POST", "milestones")]
    [InlineData("PUT", "milestones/site")]
    [InlineData("DELETE", "milestones/nowhere")]
    [InlineData("PATCH", "milestones/site/history")]
    [InlineData("OPTIONS", "subjects")]
    [InlineData("POST", "windows/parse?phrase=2027")]
    [InlineData("BREW", "openapi.json")]
    public async Task A_method_that_would_change_something_is_told_which_do_not(string method, string question)
    {
        await using var served = await OpenAsync();

        var answer = await served.AskAsync($"/api/v1/{question}", method);

        AssertProblem(answer, 405, "wrong-method");
        Assert.Equal("GET, HEAD", answer.Headers["Allow"]);
    }

    [Fact]
    public async Task A_cursor_is_good_for_its_own_question_only()
    {
        await using var served = await OpenAsync();
        await served.House.PromiseAsync("other", "2027");
        var cursor = (string?)(await served.ReadAsync("/api/v1/milestones?limit=1"))["next_cursor"];

        await served.ReadAsync($"/api/v1/milestones?limit=2&cursor={cursor}");
        foreach (
            var question in (string[])
                ["milestones?kind=event", "milestones?status=planned", "milestones?asOf=2026-06-01", "milestones/site/history?"]
        )
        {
            AssertProblem(await served.AskAsync($"/api/v1/{question}&cursor={cursor}"), 400, "bad-parameter");
        }
        var bent = cursor![..^1] + (cursor[^1] == 'A' ? 'B' : 'A');
        AssertProblem(await served.AskAsync($"/api/v1/milestones?cursor={bent}"), 400, "bad-parameter");
    }

    [Fact]
    public async Task A_database_that_is_away_is_a_problem_with_when_to_ask_again()
    {
        await using var served = await OpenAsync();
        await served.House.ExecuteAsync(
            """
            do $$ begin execute format('alter database %I connection limit 0', current_database()); end $$;
            select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid();
            """
        );

        var answer = await served.AskAsync("/api/v1/milestones");

        AssertProblem(answer, 503, "database-down");
        Assert.Equal("5", answer.Headers["Retry-After"]);
    }

    private static void AssertProblem(ServedApi.Answer answer, int status, string type)
    {
        Assert.True(status == (int)answer.Status, $"{answer.Status}: {answer.Text}");
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal((status, $"/api#{type}"), ((int)answer.Json["status"]!, (string?)answer.Json["type"]));
        foreach (var key in (string[])["title", "detail", "what_to_do"])
        {
            Assert.NotEmpty((string)answer.Json[key]!);
        }
    }

    private async Task<ServedApi> OpenAsync()
    {
        var served = await ServedApi.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q4 2026");
        return served;
    }
}
