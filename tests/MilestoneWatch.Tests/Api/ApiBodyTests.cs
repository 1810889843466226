using System.Net.Http.Headers;
using System.Text;

namespace MilestoneWatch.Tests.Api;

public sealed class ApiBodyTests(PostgresCluster cluster)
{
    private static readonly (string Json, string? Member, string Says)[] Unreadable =
    [
        ("", null, "there is no body"),
        ("{", null, "line 1, place 2"),
        ("{}}", null, "no JSON"),
        ("[]", null, "no object"),
        ("null", null, "no object"),
        ("\"looked\"", null, "no object"),
        ("{/* a look */}", null, "no JSON"),
        ("""{"changes": {"kind": "looked"},}""", null, "no JSON"),
        ("{'changes': 1}", null, "no JSON"),
        ("{}", "changes", "missing"),
        ("""{"changes": null}""", "changes", "missing"),
        ("""{"changes": []}""", "changes", "empty"),
        ("""{"changes": "looked"}""", "changes", "no list"),
        ("""{"changes": [1]}""", "changes[0]", "no object"),
        ("""{"changes": [{"kind": "looked"}, {}]}""", "changes[1].kind", "missing"),
        ("""{"change": {"kind": "looked"}}""", "change", "did you mean changes?"),
        ("""{"changes": {"kind": "looked"}, "changes": {"kind": "looked"}}""", "changes", "twice"),
        ("""{"changes": {"kind": "looked", "kind": "looked"}}""", "changes.kind", "twice"),
        ("""{"changes": {"kind": "looked"}, "note": "a", "note": "b"}""", "note", "twice"),
        ("""{"changes": {"kind": "look"}}""", "changes.kind", "did you mean \"looked\"?"),
        ("""{"changes": {"kind": "added"}}""", "changes.kind", "it is one of status_changed, reopened"),
        ("""{"changes": {"kind": "window_closed"}}""", "changes.kind", "it is one of status_changed, reopened"),
        ("""{"changes": {"kind": 1}}""", "changes.kind", "no text"),
        ("""{"changes": {"kind": "looked", "note": "nothing"}}""", "changes.note", "leave it out: changes takes kind"),
        ("""{"changes": {"kind": "status_changed"}}""", "changes.status", "missing"),
        ("""{"changes": {"kind": "status_changed", "status": "Achieved"}}""", "changes.status", "did you mean \"achieved\"?"),
        ("""{"changes": {"kind": "status_changed", "status": "planned, on_track"}}""", "changes.status", "no word"),
        ("""{"changes": {"kind": "status_changed", "status": "missed", "override": ""}}""", "changes.override", "1 to 4,000 characters"),
        (
            """{"changes": {"kind": "status_changed", "status": "missed", "override": "a\u0000b"}}""",
            "changes.override",
            "control character"
        ),
        ("""{"changes": {"kind": "reopened"}}""", "changes.reason", "missing"),
        ("""{"changes": {"kind": "rescheduled"}}""", "changes.promise", "not both"),
        ("""{"changes": {"kind": "rescheduled", "promise": {"phrase": "2027"}, "adopt": 1}}""", "changes.promise", "not both"),
        ("""{"changes": {"kind": "rescheduled", "promise": "2027"}}""", "changes.promise", "phrase, fiscal_year_starts"),
        (
            """{"changes": {"kind": "rescheduled", "promise": {"phrase": "Q5 2026"}}}""",
            "changes.promise.phrase",
            "did you mean \"Q4 2026\"?"
        ),
        ("""{"changes": {"kind": "rescheduled", "promise": {}}}""", "changes.promise.phrase", "missing"),
        (
            """{"changes": {"kind": "rescheduled", "promise": {"phrase": "FY2027", "fiscal_year_starts": 13}}}""",
            "changes.promise.fiscal_year_starts",
            "from 1 to 12"
        ),
        ("""{"changes": {"kind": "rescheduled", "adopt": "1"}}""", "changes.adopt", "no position"),
        ("""{"changes": {"kind": "progress_recorded", "value": "12"}}""", "changes.value", "no number"),
        ("""{"changes": {"kind": "progress_recorded", "value": -1}}""", "changes.value", "from 0 to below 10^15"),
        ("""{"changes": {"kind": "progress_recorded", "value": 1e400}}""", "changes.value", "from 0 to below 10^15"),
        ("""{"changes": {"kind": "progress_recorded", "value": 1000000000000000}}""", "changes.value", "from 0 to below 10^15"),
        ("""{"changes": {"kind": "evidence_added"}}""", "quote", "evidence says something"),
        ("""{"changes": {"kind": "evidence_added", "stance": "for"}, "note": "x"}""", "changes.stance", "supports, contradicts, unclear"),
        ("""{"changes": {"kind": "forecast"}}""", "changes.points", "1 to 100 points"),
        ("""{"changes": {"kind": "forecast", "points": [{"by": "2026-12-31"}]}}""", "changes.points[0].probability", "missing"),
        (
            """{"changes": {"kind": "forecast", "points": [{"by": "after 2026", "probability": 0.5}]}}""",
            "changes.points[0].by",
            "no last day"
        ),
        (
            """{"changes": {"kind": "forecast", "points": [{"by": "2026-12-31", "probability": 40}]}}""",
            "changes.points",
            "40% is written 0.4"
        ),
        ("""{"changes": {"kind": "redefined"}}""", "changes.definition", "missing"),
        ("""{"changes": [{"kind": "redefined", "definition": {"title": "x"}}, {"kind": "looked"}]}""", "changes[0]", "only change"),
        ("""{"changes": {"kind": "redefined", "definition": {"titel": "x"}}}""", "changes.definition.titel", "did you mean title?"),
        ("""{"changes": {"kind": "redefined", "definition": {"baseline": [1]}}}""", "changes.definition.baseline[0]", "no text"),
        (
            """{"changes": {"kind": "redefined", "definition": {"relations": {"renewal": "counts"}}}}""",
            "changes.definition.relations.renewal",
            "true nor false"
        ),
        (
            """{"changes": {"kind": "redefined", "definition": {"reminder_days": ["7"]}}}""",
            "changes.definition.reminder_days[0]",
            "no number of days"
        ),
        ("""{"changes": {"kind": "looked"}, "happened_on": "yesterday"}""", "happened_on", "2026-09-30"),
        ("""{"changes": {"kind": "looked"}, "happened_on": 20260930}""", "happened_on", "no text"),
        ("""{"changes": {"kind": "looked"}, "verbatim": true}""", "verbatim", "tells of a quote"),
        ("""{"changes": {"kind": "looked"}, "quote": "x", "verbatim": "no"}""", "verbatim", "true nor false"),
        ("""{"changes": {"kind": "looked"}, "standing": "sure"}""", "standing", "confirmed, reported, claimed, unclear"),
        ("""{"changes": {"kind": "looked"}, "source": {}}""", "source.publisher", "missing"),
        ("""{"changes": {"kind": "looked"}, "source": {"url": "javascript:alert(1)"}}""", "source.url", "no web address"),
        (
            """{"changes": {"kind": "looked"}, "source": {"publisher": "P", "published_on": "2026-13-01"}}""",
            "source.published_on",
            "no day"
        ),
        (
            """{"changes": {"kind": "looked"}, "source": {"publisher": "P", "retrieved_at": "noon"}}""",
            "source.retrieved_at",
            "neither an instant"
        ),
        ("""{"changes": {"kind": "looked"}, "source": {"publisher": "P", "content": "a\u0000b"}}""", "source.content", "holds a NUL"),
        ("""{"changes": {"kind": "looked"}, "source": {"publisher": "P", "id": 7}}""", "source.id", "leave it out"),
        ("""{"changes": {"kind": "looked"}, "source": 7}""", "source", "no object"),
        ("""{"changes": {"kind": "looked"}, "note": "half \ud83d of it"}""", null, "note has half a character in it"),
        ("""{"changes": {"kind": "looked"}, "no\ud83dte": "x"}""", null, "half a character"),
    ];

    private static readonly (string Json, string Member)[] UnreadableNew =
    [
        ("""{"definition": {"title": "x"}}""", "slug"),
        ("""{"slug": "x"}""", "definition"),
        ("""{"slug": "x", "definition": {}}""", "definition"),
        ("""{"slug": "x", "kind": "quantity", "definition": {"title": "x"}}""", "definition"),
        ("""{"slug": "x", "kind": "events", "definition": {"title": "x"}}""", "kind"),
        ("""{"slug": "x", "zone": "Europe/Pairs", "definition": {"title": "x"}}""", "zone"),
        ("""{"slug": "x", "definition": {"title": "x"}, "promise": {"phrase": "soonish"}}""", "promise.phrase"),
    ];

    private static readonly (string Json, string Says)[] NotAllowed =
    [
        ("""{"changes": {"kind": "status_changed", "status": "achieved"}, "source": "A new one"}""", "confirmed"),
        ("""{"changes": {"kind": "status_changed", "status": "answered"}, "source": "A new one"}""", ""),
        ("""{"changes": {"kind": "reopened", "reason": "why not"}}""", ""),
        ("""{"changes": {"kind": "progress_recorded", "value": 5}, "source": "A new one"}""", ""),
        ("""{"changes": {"kind": "looked"}, "happened_on": "2031-01-01", "source": "A new one"}""", "has not come yet"),
        ("""{"changes": {"kind": "rescheduled", "adopt": 99}}""", "no other readings"),
        ("""{"changes": {"kind": "redefined", "definition": {"title": "The site opens"}}}""", "says that already"),
        ("""{"changes": {"kind": "redefined", "definition": {"threshold": 3}}}""", "belong to a tally"),
    ];

    [Fact]
    public async Task A_body_that_cannot_be_read_is_refused_by_its_place_with_what_would_do()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        var before = await served.LeftAsync();
        foreach (var (json, member, says) in Unreadable)
        {
            var answer = await served.RecordAsync(token, json, ("Idempotency-Key", "unreadable"));

            Problem.Is(answer, 400, "bad-body");
            Assert.True(member == (string?)answer.Json["parameter"], $"{json}: {answer.Text}");
            Assert.Contains(says, $"{answer.Json["detail"]}; {answer.Json["what_to_do"]}", StringComparison.Ordinal);
        }
        Assert.Equal(before, await served.LeftAsync());
    }

    [Fact]
    public async Task A_new_milestone_is_read_as_strictly()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        foreach (var (json, member) in UnreadableNew)
        {
            var answer = await served.PostAsync(token, "/api/v1/milestones", json);

            Problem.Is(answer, 400, "bad-body");
            Assert.True(member == (string?)answer.Json["parameter"], $"{json}: {answer.Text}");
        }
    }

    [Fact]
    public async Task What_the_record_does_not_allow_leaves_nothing_behind()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        var before = await served.LeftAsync();
        foreach (var (json, says) in NotAllowed)
        {
            var answer = await served.RecordAsync(token, json, ("Idempotency-Key", "refused"));

            Problem.Is(answer, 422, "refused");
            Assert.Contains(says, (string)answer.Json["detail"]!, StringComparison.Ordinal);
            Assert.Equal(before, await served.LeftAsync());
        }
    }

    [Fact]
    public async Task A_body_is_JSON_in_UTF8_of_a_megabyte_at_most()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        var json = """{"changes": {"kind": "looked"}}"""u8.ToArray();
        var room = (1 << 20) - Content("").Length;

        Problem.Is(await SendAsync(json, "text/plain"), 415, "no-json");
        Problem.Is(await SendAsync(json, null), 415, "no-json");
        Problem.Is(await SendAsync(json, "application/json; charset=iso-8859-1"), 415, "no-json");
        Problem.Is(await SendAsync([.. "{\"note\": \""u8, 0xff, .. "\"}"u8], "application/json"), 400, "bad-body");
        Problem.Is(await SendAsync(Content(new string('x', room + 1)), "application/json"), 413, "too-long");
        Problem.Is(await SendAsync(Content(new string('x', room + 1)), "application/json", chunked: true), 413, "too-long");
        Problem.Is(await SendAsync(Encoding.UTF8.GetBytes(new string('[', 5000)), "application/json"), 400, "bad-body");
        Assert.Equal(201, (int)(await SendAsync(Content(new string('x', room)), "application/json; charset=utf-8")).Status);
        Assert.Equal(room, await served.House.ScalarAsync<int>("select length(content) from source_texts"));

        static byte[] Content(string text) =>
            Encoding.UTF8.GetBytes($$$"""{"changes": {"kind": "looked"}, "source": {"publisher": "P", "content": "{{{text}}}"}}""");

        Task<ServedApi.Answer> SendAsync(byte[] body, string? type, bool chunked = false)
        {
            var content = new ByteArrayContent(body);
            content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
            (string, string)[] more = chunked ? [("Transfer-Encoding", "chunked")] : [];
            return served.SendAsync(HttpMethod.Post, "/api/v1/milestones/site/entries", content, [("Authorization", token), .. more]);
        }
    }

    [Theory]
    [InlineData("/api/v1/milestones/stie/entries", """{"changes": {"kind": "looked"}}""", "no-such-milestone")]
    [InlineData("/api/v1/entries/99/retraction", """{"reason": "x"}""", "no-such-entry")]
    [InlineData("/api/v1/entries/one/retraction", """{"reason": "x"}""", "no-such-entry")]
    [InlineData("/api/v1/entries/99999999999999999999/retraction", """{"reason": "x"}""", "no-such-entry")]
    public async Task What_is_not_there_is_not_changed(string address, string json, string type)
    {
        await using var served = await OpenAsync();

        Problem.Is(await served.PostAsync(await served.TokenAsync(), address, json, ("Idempotency-Key", "none")), 404, type);
    }

    [Fact]
    public async Task An_unknown_parameter_of_a_change_is_refused()
    {
        await using var served = await OpenAsync();
        var token = await served.TokenAsync();
        const string Looked = """{"changes": {"kind": "looked"}}""";

        Problem.Is(await served.PostAsync(token, "/api/v1/milestones/site/entries?dryrun=true", Looked), 400, "bad-parameter");
        Problem.Is(await served.PostAsync(token, "/api/v1/milestones/site/entries?dry_run=yes", Looked), 400, "bad-parameter");
        Problem.Is(
            await served.PostAsync(token, "/api/v1/milestones/site/entries?dry_run=true&dry_run=false", Looked),
            400,
            "bad-parameter"
        );
        Assert.Single(await served.House.HistoryAsync("site"));
    }

    private async Task<ServedApi> OpenAsync()
    {
        var served = await ServedApi.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q4 2026");
        return served;
    }
}
