using System.Net;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;

namespace MilestoneWatch.Tests.Web;

/// <summary>What the board shows of a house with two subjects: a site that opened late, and a plant in Évry that is still planned.</summary>
public sealed class BoardChoiceTests(PostgresCluster cluster)
{
    private const string Borea = """
        subject: {slug: borea, name: Boréa}
        as_of: 2026-05-28
        milestones:
          - {slug: evry-plant, title: The Évry plant, kind: event, counts_when: It smelts Ærø’s ore., quiet_days: 0}
          - {slug: tonnes, title: A million tonnes, kind: quantity, target: 1000000, unit: t, direction: at_least, counts_when: weighed, quiet_days: 0}
        questions:
          - {slug: does-it-pay, text: "Does it pay?"}
        """;

    [Theory]
    [InlineData("status=late", "planned, on_track, at_risk, delayed, achieved, missed, cancelled, open or answered")]
    [InlineData("status=at_risk&status=AT_RISK", "planned, on_track, at_risk, delayed, achieved, missed, cancelled, open or answered")]
    [InlineData("status=at_risk,delayed", "planned, on_track, at_risk, delayed, achieved, missed, cancelled, open or answered")]
    [InlineData("status=1", "planned, on_track, at_risk, delayed, achieved, missed, cancelled, open or answered")]
    [InlineData("kind=plan", "event, quantity, tally or question")]
    [InlineData("kind=event&kind=tally", "event, quantity, tally or question")]
    [InlineData("subject=nobody", "acme (Acme) or borea (Boréa)")]
    [InlineData("subject=%00", "acme (Acme) or borea (Boréa)")]
    [InlineData("subject=acme&subject=borea", "acme (Acme) or borea (Boréa)")]
    [InlineData("subject='%20or%201=1--", "acme (Acme) or borea (Boréa)")]
    [InlineData("topic=nobody", "acme (Acme), borea (Boréa) or the slug of a milestone")]
    [InlineData("topic=acme&topic=%00", "acme (Acme), borea (Boréa) or the slug of a milestone")]
    [InlineData("topic=acme,borea", "acme (Acme), borea (Boréa) or the slug of a milestone")]
    [InlineData("page=0", "counted from 1")]
    [InlineData("page=-1", "counted from 1")]
    [InlineData("page=two", "counted from 1")]
    [InlineData("page=99999999999999999999", "counted from 1")]
    [InlineData("status=%3Cscript%3E", "There is no status “<script>”")]
    public async Task What_cannot_be_chosen_is_refused_with_what_can_be(string query, string says)
    {
        await using var house = await TwoSubjectsAsync();

        var answer = await house.GetAsync($"/?{query}");

        Assert.Equal((HttpStatusCode.BadRequest, "That cannot be chosen"), (answer.Status, answer.Title));
        Assert.Contains(says, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_as_long_as_a_letter_is_refused()
    {
        await using var house = await TwoSubjectsAsync();

        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync($"/?q={new string('a', 200)}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await house.GetAsync($"/?q={new string('a', 201)}")).Status);
    }

    [Theory]
    [InlineData("%00")]
    [InlineData("%EF%BF%BE")]
    [InlineData("%ED%A0%80")]
    [InlineData("%CC%81")]
    [InlineData("%25_%5C'%22")]
    [InlineData("%3Cscript%3Ealert(1)%3C/script%3E")]
    public async Task A_hostile_search_is_only_text(string search)
    {
        await using var house = await TwoSubjectsAsync();

        using var response = await house.Client.GetAsync($"/?q={search}", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain(
            "<script",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.OrdinalIgnoreCase
        );
    }

    [Theory]
    [InlineData("", "All 4 milestones", "site evry-plant tonnes does-it-pay")]
    [InlineData("subject=&kind=&q=&asOf=", "All 4 milestones", "site evry-plant tonnes does-it-pay")]
    [InlineData("subject=acme", "1 of 4 milestones: Acme", "site")]
    [InlineData("topic=acme", "1 of 4 milestones: Acme", "site")]
    [InlineData("topic=tonnes&topic=acme&topic=tonnes", "2 of 4 milestones: A million tonnes and Acme", "site tonnes")]
    [InlineData("topic=borea&topic=acme", "4 of 4 milestones: Boréa and Acme", "site evry-plant tonnes does-it-pay")]
    [InlineData("topic=borea&kind=event", "1 of 4 milestones: Boréa, happens or not", "evry-plant")]
    [InlineData("topic=borea&q=tonnes", "1 of 4 milestones: Boréa, with “tonnes”", "tonnes")]
    [InlineData("kind=quantity", "1 of 4 milestones: measured against a target", "tonnes")]
    [InlineData("status=delayed&status=open", "2 of 4 milestones: delayed or open", "site does-it-pay")]
    [InlineData("status=delayed&status=open&status=at_risk", "2 of 4 milestones: at risk, delayed or open", "site does-it-pay")]
    [InlineData("status=delayed&status=delayed", "1 of 4 milestones: delayed", "site")]
    [InlineData("q=EVRY", "1 of 4 milestones: with “EVRY”", "evry-plant")]
    [InlineData("q=%C3%A9vry+plant", "1 of 4 milestones: with “évry plant”", "evry-plant")]
    [InlineData("q=%20plant%20evry%20", "1 of 4 milestones: with “plant evry”", "evry-plant")]
    [InlineData("q=q4", "1 of 4 milestones: with “q4”", "site")]
    [InlineData("q=smelts", "1 of 4 milestones: with “smelts”", "evry-plant")]
    [InlineData("q=does-it", "1 of 4 milestones: with “does-it”", "does-it-pay")]
    [InlineData("q=site+plant", "0 of 4 milestones: with “site plant”", "")]
    [InlineData(
        "subject=borea&kind=event&status=planned&q=plant",
        "1 of 4 milestones: Boréa, happens or not, planned, with “plant”",
        "evry-plant"
    )]
    public async Task The_board_shows_what_was_asked_for_and_says_so(string query, string says, string slugs)
    {
        await using var house = await TwoSubjectsAsync();

        var answer = await house.GetAsync($"/?{query}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains($"<p class=\"shown\">{says}.", answer.Body, StringComparison.Ordinal);
        var shown = slugs.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var slug in (string[])["site", "evry-plant", "tonnes", "does-it-pay"])
        {
            Assert.Equal(shown.Contains(slug), IsShown(answer.Body, slug));
        }
    }

    [Fact]
    public async Task Nothing_found_is_said_kindly_with_the_way_back()
    {
        await using var house = await TwoSubjectsAsync();

        var answer = await house.GetAsync("/?q=atlantis&asOf=2026-05-30");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("Nothing on record matches that.", answer.Body, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/?asOf=2026-05-30\">Show all 4 milestones</a>", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing is kept here yet", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_chosen_is_kept_when_something_else_changes()
    {
        await using var house = await TwoSubjectsAsync();

        var body = (await house.GetAsync("/?subject=acme&kind=event&status=delayed&status=planned&q=Site&asOf=2026-06-02")).Body;

        // in the form: what is chosen there, and the day beside it
        Assert.Contains("<option value=\"acme\" selected>", body, StringComparison.Ordinal);
        Assert.Contains("<option value=\"event\" selected>", body, StringComparison.Ordinal);
        Assert.Matches("name=\"status\" value=\"delayed\" checked", body);
        Assert.Matches("name=\"q\" value=\"Site\"", body);
        Assert.Contains("<input type=\"hidden\" name=\"asOf\" value=\"2026-06-02\"", body, StringComparison.Ordinal);
        // in the day's form: what is chosen in the other
        Assert.Contains("<input type=\"hidden\" name=\"status\" value=\"planned\"", body, StringComparison.Ordinal);
        Assert.Contains("<input type=\"hidden\" name=\"q\" value=\"Site\"", body, StringComparison.Ordinal);
        // on the strip and back to today
        Assert.Contains(
            "href=\"/?subject=acme&kind=event&status=planned&status=delayed&q=Site&asOf=2026-05-28\" aria-label=\"As known on 28 May 2026\"",
            body,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "<a href=\"/?subject=acme&kind=event&status=planned&status=delayed&q=Site\">Back to today</a>",
            body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Topics_stay_chosen_until_they_are_unticked()
    {
        await using var house = await TwoSubjectsAsync();

        var body = (await house.GetAsync("/?topic=tonnes&topic=acme&asOf=2026-06-02")).Body;

        Assert.Matches("name=\"topic\" value=\"tonnes\" checked", body);
        Assert.Contains("<input type=\"hidden\" name=\"topic\" value=\"acme\"", body, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/?topic=tonnes&topic=acme\">Back to today</a>", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subject_that_came_later_is_no_mistake_on_an_earlier_day()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        await house.House.RunAtAsync("2026-06-10T08:00:00Z");
        await house.House.ImportAsync(Borea);

        var answer = await house.GetAsync("/?subject=borea&asOf=2026-06-01");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("0 of 1 milestone: Boréa.", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_strip_has_a_point_for_each_day_on_which_an_analyst_recorded_something()
    {
        await using var house = await TwoSubjectsAsync();
        // the clock's own entries are no analyst's
        await house.House.RunAtAsync("2026-12-20T08:00:00Z");

        var body = (await house.GetAsync("/")).Body;

        Assert.Contains("aria-label=\"As known on 28 May 2026\"", body, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"As known on 2 June 2026\"", body, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/\" aria-label=\"As known now\" title=\"Now\" aria-current=\"true\">", body, StringComparison.Ordinal);
        Assert.Equal(3, body.Split("aria-label=\"As known ").Length - 1);
    }

    [Fact]
    public async Task The_newest_fact_is_an_analysts_and_no_mere_look()
    {
        await using var house = await TwoSubjectsAsync();
        await house.House.RunAtAsync("2026-12-20T08:00:00Z");
        await house.House.RecordAsync(new RecordRequest("site", new Looked(), "ana"));

        Assert.Contains("Newest fact on record: 2 June 2026.", (await house.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.Contains("Newest fact on record: 28 May 2026.", (await house.GetAsync("/?asOf=2026-05-30")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_holds_fifty_and_leads_on_with_what_was_chosen()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        await house.House.ImportAsync(Many(101));

        var first = await house.GetAsync("/?kind=event&q=gate");
        var second = await house.GetAsync("/?kind=event&q=gate&page=2");
        var third = await house.GetAsync("/?kind=event&q=gate&page=3");
        var fourth = await house.GetAsync("/?kind=event&q=gate&page=4");

        Assert.Contains(
            "101 of 102 milestones: happens or not, with “gate”. 1 to 50 are on this page.",
            first.Body,
            StringComparison.Ordinal
        );
        Assert.True(IsShown(first.Body, "gate-50") && !IsShown(first.Body, "gate-51"));
        Assert.Contains("<a rel=\"next\" href=\"/?kind=event&q=gate&page=2\">", first.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("rel=\"prev\"", first.Body, StringComparison.Ordinal);
        Assert.True(IsShown(second.Body, "gate-51") && IsShown(second.Body, "gate-100") && !IsShown(second.Body, "gate-50"));
        Assert.Contains("<a rel=\"prev\" href=\"/?kind=event&q=gate\">", second.Body, StringComparison.Ordinal);
        Assert.Contains("<a rel=\"next\" href=\"/?kind=event&q=gate&page=3\">", second.Body, StringComparison.Ordinal);
        Assert.True(IsShown(third.Body, "gate-101"));
        Assert.DoesNotContain("rel=\"next\"", third.Body, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, "There is no page 4"), (fourth.Status, fourth.Title));
        Assert.Contains("<a href=\"/?kind=event&q=gate&page=3\">", fourth.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_on_another_page_is_not_read()
    {
        await using var house = await ServedHouse.OpenAsync(cluster);
        await house.House.ImportAsync(Many(51));
        var looked = await house.House.RecordAsync(new RecordRequest("gate-51", new Looked(), "ana"));
        // an entry that nobody can read: reading it is an error
        await house.House.ExecuteAsync(
            $"alter table entries disable trigger entries_are_kept; update entries set body = '!' where position = {looked}"
        );

        Assert.Equal(HttpStatusCode.OK, (await house.GetAsync("/?q=gate")).Status);
        Assert.Equal(HttpStatusCode.InternalServerError, (await house.GetAsync("/?q=gate&page=2")).Status);
    }

    private async Task<ServedHouse> TwoSubjectsAsync()
    {
        var house = await ServedHouse.OpenAsync(cluster);
        await house.House.ImportAsync(Borea);
        await house.House.RunAtAsync("2026-06-02T08:00:00Z");
        await house.House.StatusAsync("site", Status.Delayed);
        await house.House.RunAtAsync("2026-06-03T08:00:00Z");
        return house;
    }

    private static string Many(int count) =>
        "subject: {slug: acme, name: Acme}\nas_of: 2026-05-28\nmilestones:\n"
        + string.Concat(
            Enumerable
                .Range(1, count)
                .Select(n => $"  - {{slug: gate-{n}, title: Gate {n}, kind: event, counts_when: it opens, quiet_days: 0}}\n")
        );

    private static bool IsShown(string body, string slug) =>
        body.Contains($"href=\"/m/{slug}\"", StringComparison.Ordinal) || body.Contains($"href=\"/m/{slug}?", StringComparison.Ordinal);
}
