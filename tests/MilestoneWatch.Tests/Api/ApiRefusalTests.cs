using System.Net;
using Microsoft.Extensions.Logging;
using MilestoneWatch.Hosting;

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
        Problem.Is(answer, 400, "bad-parameter");
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

        Problem.Is(answer, 404, "no-such-milestone");
        Assert.Contains(whatToDo, (string?)answer.Json["what_to_do"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_without_end_are_answered_in_few()
    {
        await using var served = await OpenAsync();
        var endless = string.Concat(Enumerable.Repeat("😀", 500));

        var slug = await served.AskAsync($"/api/v1/milestones/{Uri.EscapeDataString(endless)}");
        var word = await served.AskAsync($"/api/v1/milestones?kind=x{Uri.EscapeDataString(endless)}");

        Problem.Is(slug, 404, "no-such-milestone");
        Problem.Is(word, 400, "bad-parameter");
        Assert.True(slug.Text.Length < 1000, slug.Text);
        Assert.DoesNotContain("\uFFFD", word.Text + slug.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/milestone")]
    [InlineData("/milestones/site/entry")]
    [InlineData("/windows")]
    [InlineData("/../v1/nothing.json")]
    public async Task An_unknown_address_is_a_problem_too(string path)
    {
        await using var served = await OpenAsync();

        Problem.Is(await served.AskAsync($"/api/v1{path}"), 404, "no-such-address");
        Problem.Is(await served.AskAsync($"/api/v1{path}", "POST"), 404, "no-such-address");
    }

    [Theory]
    [InlineData("PUT", "milestones", "GET, HEAD, POST")]
    [InlineData("PUT", "milestones/site", "GET, HEAD")]
    [InlineData("DELETE", "milestones/nowhere", "GET, HEAD")]
    [InlineData("PATCH", "milestones/site/history", "GET, HEAD")]
    [InlineData("OPTIONS", "subjects", "GET, HEAD")]
    [InlineData("POST", "windows/parse?phrase=2027", "GET, HEAD")]
    [InlineData("BREW", "openapi.json", "GET, HEAD")]
    [InlineData("GET", "milestones/site/entries", "POST")]
    [InlineData("HEAD", "entries/1/retraction", "POST")]
    [InlineData("DELETE", "entries/1/retraction", "POST")]
    [InlineData("POST", "readers", "GET, HEAD")]
    public async Task A_method_that_is_not_done_is_told_which_are(string method, string question, string allowed)
    {
        await using var served = await OpenAsync();

        var answer = await served.AskAsync($"/api/v1/{question}", method);

        Assert.Equal((405, allowed), ((int)answer.Status, answer.Headers["Allow"]));
        if (method != "HEAD")
        {
            Problem.Is(answer, 405, "wrong-method");
        }
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
            Problem.Is(await served.AskAsync($"/api/v1/{question}&cursor={cursor}"), 400, "bad-parameter");
        }
        var bent = cursor![..^1] + (cursor[^1] == 'A' ? 'B' : 'A');
        Problem.Is(await served.AskAsync($"/api/v1/milestones?cursor={bent}"), 400, "bad-parameter");
    }

    [Fact]
    public async Task A_database_that_is_away_is_a_problem_with_when_to_ask_again_and_a_line_in_the_log()
    {
        await using var house = await House.OpenAsync(cluster);
        using var said = new Said();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(said));
        await using var mw = await Installation.OpenAsync(house.Mw.Settings, _ => { }, CancellationToken.None, loggers, house.Clock);
        await using var app = await Web.ServedHouse.ServeAsync(mw);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        await house.ExecuteAsync(
            """
            do $$ begin execute format('alter database %I connection limit 0', current_database()); end $$;
            select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid();
            """
        );

        var answer = await ServedApi.PostAsync(client, "Bearer mwt_secret", "/api/v1/milestones", "{}");

        Problem.Is(answer, 503, "database-down");
        Assert.Equal("5", answer.Headers["Retry-After"]);
        var line = Assert.Single(said.Lines);
        Assert.StartsWith("POST /api/v1/milestones was answered 503", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    private sealed class Said : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add(formatter(state, exception));

        public void Dispose() { }
    }

    private async Task<ServedApi> OpenAsync()
    {
        var served = await ServedApi.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q4 2026");
        return served;
    }
}
