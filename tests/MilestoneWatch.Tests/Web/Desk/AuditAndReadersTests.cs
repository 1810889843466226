using System.Net;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Subscribers;
using MilestoneWatch.Record;

namespace MilestoneWatch.Tests.Web.Desk;

/// <summary>Who recorded what through which door, and who was sent what and why.</summary>
public sealed class AuditAndReadersTests(PostgresCluster cluster)
{
    [Fact]
    public async Task The_audit_page_tells_who_recorded_what_through_which_door()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);
        await desk.House.RescheduleAsync("site", "Q1 2027", note: "At the prompt.");
        await desk.SendAsync("/desk/m/site", "/desk/m/site", ("what", "look"));

        var all = (await desk.GetAsync("/desk/audit")).Body;
        var mine = (await desk.GetAsync("/desk/audit?who=bea")).Body;
        var typed = (await desk.GetAsync("/desk/audit?door=cli")).Body;

        Assert.Contains("import", all, StringComparison.Ordinal);
        Assert.Contains("At the prompt.", all, StringComparison.Ordinal);
        Assert.Contains("Looked.", mine, StringComparison.Ordinal);
        Assert.DoesNotContain("At the prompt.", mine, StringComparison.Ordinal);
        Assert.Contains("At the prompt.", typed, StringComparison.Ordinal);
        Assert.DoesNotContain("Looked.", typed, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await desk.GetAsync("/desk/audit?who=nobody")).Status);
    }

    [Fact]
    public async Task A_long_trail_goes_on_page_after_page_and_each_entry_is_on_one()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);
        for (var i = 0; i < 120; i++)
        {
            await desk.House.RecordAsync(new RecordRequest("site", new Looked(), "ana"));
        }
        var positions = new List<long>();
        for (var address = "/desk/audit?who=ana"; address is not null; )
        {
            var page = (await desk.GetAsync(address)).Body;
            positions.AddRange(
                System
                    .Text.RegularExpressions.Regex.Matches(page, "data-label=\"No.\">(\\d+)<")
                    .Select(match => long.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))
            );
            address = System.Text.RegularExpressions.Regex.Match(page, "href=\"(/desk/audit[^\"]+)\">Older") is { Success: true } next
                ? next.Groups[1].Value
                : null!;
        }

        Assert.Equal(120, positions.Count);
        Assert.Equal(positions.OrderDescending(), positions);
        Assert.Equal(120, positions.Distinct().Count());
    }

    [Fact]
    public async Task A_readers_page_tells_what_was_sent_and_why_nothing_was()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster, "admin");
        var reader = await desk.House.JoinAsync("ada@example.org", Cadence.Weekly);
        await desk.House.RescheduleAsync("site", "Q1 2027");
        await desk.House.RunAtAsync("2026-06-01T06:00:00Z");
        await desk.House.RunAtAsync("2026-06-08T06:00:00Z");

        var list = (await desk.GetAsync("/desk/readers")).Body;
        var page = (await desk.GetAsync($"/desk/readers/{reader.Id}")).Body;

        Assert.Contains("ada@example.org", list, StringComparison.Ordinal);
        Assert.Contains("digest 1", page, StringComparison.Ordinal);
        Assert.Contains("nothing had changed", page, StringComparison.Ordinal);
        Assert.Contains("sent", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await desk.GetAsync("/desk/readers/999")).Status);
    }

    [Theory]
    [InlineData("ADA@", true)]
    [InlineData("_da", false)]
    [InlineData("%", false)]
    [InlineData("\\", false)]
    public async Task Readers_are_found_by_a_part_of_their_address(string part, bool found)
    {
        await using var desk = await DeskHouse.OpenAsync(cluster, "admin");
        await desk.House.JoinAsync("ada@example.org", Cadence.Weekly);

        var page = (await desk.GetAsync($"/desk/readers?q={Uri.EscapeDataString(part)}")).Body;

        Assert.Equal(found, page.Contains("ada@example.org", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_suppressed_address_is_written_to_again_only_with_a_reason()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster, "admin");
        var reader = await desk.House.JoinAsync("ada@example.org", Cadence.Weekly);
        await desk.House.ExecuteAsync(
            "insert into suppressions (email_key, address, reason, evidence, suppressed_at) select email_key, email, 'hard', '550 5.1.1', now() from subscribers"
        );
        var page = $"/desk/readers/{reader.Id}";

        var without = await desk.SendAsync($"{page}/lift", page, ("because", " "));
        var with = await desk.SendAsync($"{page}/lift", page, ("because", "They wrote from it."));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, without.Status);
        Assert.Contains("Mail is sent to ada@example.org again", with.Body, StringComparison.Ordinal);
        Assert.Contains("They wrote from it.", with.Body, StringComparison.Ordinal);
        Assert.Equal(0, await desk.House.ScalarAsync<long>("select count(*) from suppressions where lifted_at is null"));
    }

    [Fact]
    public async Task A_reader_is_erased_once_their_address_is_typed()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster, "admin");
        var reader = await desk.House.JoinAsync("ada@example.org", Cadence.Weekly);
        var page = $"/desk/readers/{reader.Id}";

        var wrong = await desk.SendAsync($"{page}/erase", page, ("sure", "bob@example.org"));
        Assert.Equal(1, await desk.House.ScalarAsync<long>("select count(*) from subscribers"));
        var right = await desk.SendAsync($"{page}/erase", page, ("sure", "Ada@Example.org"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Equal(HttpStatusCode.OK, right.Status);
        Assert.Equal(0, await desk.House.ScalarAsync<long>("select count(*) from subscribers"));
    }

    [Fact]
    public async Task An_analyst_changes_no_reader()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);
        var reader = await desk.House.JoinAsync("ada@example.org", Cadence.Weekly);

        foreach (var verb in new[] { "leave", "lift", "erase" })
        {
            var answer = await desk.SendAsync($"/desk/readers/{reader.Id}/{verb}", "/desk", ("sure", "ada@example.org"), ("because", "x"));
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        }
        Assert.Equal("active", await desk.House.ScalarAsync<string>("select state from subscribers"));
    }
}
