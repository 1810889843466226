using System.Net;
using System.Text.Json.Nodes;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Domain.Windows;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Tests.Api;

public sealed class ApiTests(PostgresCluster cluster)
{
    private const int Many = 120;

    [Fact]
    public async Task A_walk_through_all_pages_shows_each_milestone_once()
    {
        await using var served = await ManyAsync();

        var slugs = (await served.WalkAsync("/api/v1/milestones?limit=7")).Select(Slug).ToList();

        Assert.Equal(Expected(), slugs);
    }

    [Fact]
    public async Task A_walk_ends_with_its_last_full_page()
    {
        await using var served = await ManyAsync();

        var page = await served.ReadAsync($"/api/v1/milestones?limit={Many}");

        Assert.Equal(Many, page["items"]!.AsArray().Count);
        Assert.Null(page["next_cursor"]);
    }

    [Fact]
    public async Task What_is_recorded_during_a_walk_neither_hides_nor_repeats_anything()
    {
        await using var served = await ManyAsync();

        var items = await served.WalkAsync(
            "/api/v1/milestones?limit=7&status=planned",
            async () =>
            {
                await served.House.StatusAsync("m-050", Status.Delayed);
                await served.House.PromiseAsync("late-comer", "2027");
            }
        );

        Assert.Equal(Expected(), items.Select(Slug));
        Assert.All(items, item => Assert.Equal("planned", (string?)item["status"]));
        Assert.Equal("m-050", Slug(Assert.Single(await served.WalkAsync("/api/v1/milestones?status=delayed"))));
        Assert.Equal(Many + 1, (await served.WalkAsync("/api/v1/milestones?limit=200")).Count);
    }

    [Fact]
    public async Task Filters_narrow_and_the_same_one_twice_widens()
    {
        await using var served = await ServedApi.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        await served.House.CountedAsync();
        await served.House.StatusAsync("power", Status.AtRisk);

        Assert.Equal(["power"], await SlugsAsync("kind=quantity"));
        Assert.Equal(["power", "customers"], await SlugsAsync("kind=tally&kind=quantity"));
        Assert.Equal(["site", "customers"], await SlugsAsync("status=planned"));
        Assert.Equal(["site", "power", "customers"], await SlugsAsync("status=planned&status=at_risk&subject=acme&kind="));
        Assert.Empty(await SlugsAsync("status=at_risk&kind=event"));

        async Task<IEnumerable<string>> SlugsAsync(string filters) =>
            (await served.WalkAsync($"/api/v1/milestones?{filters}")).Select(Slug);
    }

    [Fact]
    public async Task The_record_is_told_as_it_was_known_then()
    {
        await using var served = await ServedApi.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        served.House.Clock.AdvanceDays(10);
        await served.House.RescheduleAsync("site", "Q4 2026");
        served.House.Clock.AdvanceDays(200);

        var then = await served.ReadAsync("/api/v1/milestones/site?asOf=2026-06-01");
        var now = await served.ReadAsync("/api/v1/milestones/site");

        Assert.Equal(("Q3 2026", 0, false), ((string?)then["window"]!["phrase"], (int)then["moves"]!, (bool)then["attention"]!));
        Assert.Equal(("Q4 2026", 92), ((string?)now["window"]!["phrase"], (int)now["slip_days"]!));
        Assert.Equal("Q3 2026", (string?)now["first_window"]!["phrase"]);
        Assert.Equal("2026-09-30", (string?)now["first_window"]!["latest"]);
        Assert.True(JsonNode.DeepEquals(then, Assert.Single(await served.WalkAsync("/api/v1/milestones?asOf=2026-06-01"))));
        Assert.Single(await served.WalkAsync("/api/v1/milestones/site/history?asOf=2026-06-01"));
        Assert.Empty(await served.WalkAsync("/api/v1/milestones?asOf=2026-05-27"));
        Assert.Empty((await served.ReadAsync("/api/v1/subjects?asOf=2026-05-27"))["items"]!.AsArray());
        Assert.Equal(
            """{"items":[{"slug":"acme","name":"Acme","milestones":1}]}""",
            (await served.ReadAsync("/api/v1/subjects")).ToJsonString()
        );
    }

    [Fact]
    public async Task A_history_is_walked_oldest_first_and_knows_what_a_later_page_takes_back()
    {
        await using var served = await ServedApi.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        var wrong = await served.House.RecordAsync(new RecordRequest("site", new Rescheduled(Is.Due("Q1 2027")), "ana"));
        await served.House.RescheduleAsync("site", "Q4 2026");
        await served.House.RecordAsync(new RecordRequest("site", new Looked(), "ana"));
        await served.House.Mw.Recorder.RetractAsync(wrong, "another site", "ana", CancellationToken.None);
        var whole = (await served.House.HistoryAsync("site")).Select(entry => entry.Position).ToList();

        var items = await served.WalkAsync(
            "/api/v1/milestones/site/history?limit=2",
            () => served.House.RecordAsync(new RecordRequest("site", new Looked(), "ana"))
        );

        Assert.Equal(whole, items.Select(item => (long)item["position"]!));
        Assert.Equal(["added", "rescheduled", "rescheduled", "looked", "retracted"], items.Select(item => (string?)item["kind"]));
        Assert.Equal(whole[^1], (long?)items[1]["retracted_by"]);
        Assert.Equal("another site", (string?)items[4]["body"]!["reason"]);
    }

    [Fact]
    public async Task Who_recorded_it_what_was_removed_and_who_reads_stay_inside()
    {
        await using var served = await ServedApi.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026", quietDays: 41);
        await served.House.JoinAsync("reader@example.org", Cadence.Weekly);
        var source = new SourceNamed("Wire", "A report", "javascript:alert(1)");
        await served.House.RecordAsync(
            new RecordRequest("site", new Rescheduled(Is.Due("Q4 2026")), "Zoe Analyst") { Note = "Said at a fair.", Source = source }
        );
        var removed = await served.House.RecordAsync(new RecordRequest("site", new Looked(), "Zoe Analyst") { Note = "Zanzibar" });
        await served.House.Mw.Recorder.RedactAsync(removed, "Timbuktu asked for it", "Zoe Analyst", CancellationToken.None);

        var all = new List<string>();
        foreach (var address in (string[])["milestones", "milestones/site", "milestones/site/history", "subjects"])
        {
            all.Add((await served.AskAsync($"/api/v1/{address}")).Text);
        }
        var text = string.Join('\n', all);

        Assert.Contains("Said at a fair.", text, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"redacted\"", text, StringComparison.Ordinal);
        foreach (
            var word in (string[])
                [
                    "Zoe",
                    "Zanzibar",
                    "Timbuktu",
                    "reader@",
                    "javascript",
                    "actor",
                    "waiting",
                    "sha256",
                    "retrieved_at",
                    "quiet_days",
                    "name_key",
                ]
        )
        {
            Assert.DoesNotContain(word, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Whoever_has_an_answer_already_is_told_so_until_it_is_another()
    {
        await using var served = await ServedApi.OpenAsync(cluster);
        await served.House.PromiseAsync("site", "Q3 2026");
        string[] addresses =
        [
            "milestones?limit=1",
            "milestones/site",
            "milestones/site/history",
            "subjects",
            "windows/parse?phrase=2027",
            "openapi.json",
        ];
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var address in addresses)
        {
            var first = await served.AskAsync($"/api/v1/{address}");
            tags[address] = first.Headers["ETag"];
            Assert.Matches(address == "milestones/site" ? "^\"1-[0-9a-f]{32}\"$" : "^\"[0-9a-f]{32}\"$", tags[address]);
            Assert.Equal(
                ("no-cache", "nosniff", "application/json"),
                (first.Headers["Cache-Control"], first.Headers["X-Content-Type-Options"], first.Headers["Content-Type"])
            );
            var head = await served.AskAsync($"/api/v1/{address}", "HEAD");
            Assert.Equal((HttpStatusCode.OK, tags[address], ""), (head.Status, head.Headers["ETag"], head.Text));
        }
        served.House.Clock.AdvanceDays(1);
        foreach (var (address, tag) in tags)
        {
            Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(address, tag));
            Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(address, $"\"other\", W/{tag}"));
            Assert.Equal(HttpStatusCode.NotModified, await StatusAsync(address, "*"));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(address, "\"other\""));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(address, "no tag at all"));
        }
        await served.House.RescheduleAsync("site", "Q4 2026");
        foreach (var address in addresses[..3])
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(address, tags[address]));
        }

        async Task<HttpStatusCode> StatusAsync(string address, string tag) =>
            (await served.AskAsync($"/api/v1/{address}", "GET", ("If-None-Match", tag))).Status;
    }

    [Theory]
    [InlineData("by late 2027", null)]
    [InlineData("within 6 weeks", null)]
    [InlineData("FY2027", 4)]
    [InlineData("Q5 2026", null)]
    [InlineData("<script>\"'\u0001 é", null)]
    public async Task A_phrase_is_read_as_the_command_line_reads_it(string phrase, int? starts)
    {
        await using var served = await ServedApi.OpenAsync(cluster);
        PhraseReader.TryRead(phrase, new LocalDate(2026, 6, 3), starts, out var window, out var error);

        var answer = await served.AskAsync(
            $"/api/v1/windows/parse?phrase={Uri.EscapeDataString(phrase)}&on=3+June+2026{(starts is { } month ? $"&fiscal_year_starts={month}" : "")}"
        );

        Assert.Equal((HttpStatusCode.OK, PhraseJson.Of(phrase, window, error)), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Forecasts_progress_and_names_are_in_the_answer()
    {
        await using var served = await ServedApi.OpenAsync(cluster);
        await served.House.CountedAsync();
        await served.House.RecordAsync(
            new RecordRequest("power", new ProgressRecorded(40), "ana") { HappenedOn = new LocalDate(2026, 5, 20) }
        );
        await served.House.RecordAsync(
            new RecordRequest("customers", new EvidenceAdded(Stance.Supports, "BNP", null, "renewal", Counts: true), "ana")
        );

        var power = await served.ReadAsync("/api/v1/milestones/power");
        var customers = await served.ReadAsync("/api/v1/milestones/customers");

        Assert.Equal("""{"value":40,"on":"2026-05-20"}""", power["progress"]!.ToJsonString());
        Assert.Equal("""["BNP"]""", customers["tally"]!.ToJsonString());
    }

    private static string Slug(JsonNode item) => (string)item["slug"]!;

    private static IEnumerable<string> Expected() => Enumerable.Range(1, Many).Select(number => $"m-{number:000}");

    private async Task<ServedApi> ManyAsync()
    {
        var served = await ServedApi.OpenAsync(cluster);
        var milestones = Expected()
            .Select(slug => $$"""  - {slug: {{slug}}, title: Number {{slug}}, kind: event, counts_when: it is there, zone: UTC}""");
        await served.House.ImportAsync(
            $$"""
            subject: {slug: acme, name: Acme}
            as_of: 2026-05-28
            milestones:
            {{string.Join('\n', milestones)}}
            """
        );
        return served;
    }
}
