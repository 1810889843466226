using System.Net;
using System.Text.RegularExpressions;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Tests.Web;

/// <summary>A milestone's page as a reader gets it, of a quantity with readings, forecasts and something taken back.</summary>
public sealed class MilestonePageTests(PostgresCluster cluster)
{
    private const string Watchlist = """
        subject: {slug: borea, name: Boréa}
        as_of: 2026-05-28
        sources:
          pesage: {publisher: Le Pesage}
        milestones:
          - {slug: tonnes, title: A million tonnes, kind: quantity, target: 1000, unit: t, direction: at_least, counts_when: weighed, zone: Europe/Paris, quiet_days: 0, promised: {phrase: by end of 2027, on: 2026-05-28, source: pesage}}
        questions:
          - {slug: does-it-pay, text: "Does it pay?", about: [tonnes]}
        """;

    [Fact]
    public async Task Readings_are_drawn_against_the_target_and_told_in_numbers()
    {
        await using var house = await OpenAsync();

        var body = (await house.GetAsync("/m/tonnes")).Body;

        Assert.Contains("Two readings against a target of 1,000 t, the newest 450 t on 3 June 2026", body, StringComparison.Ordinal);
        Assert.Contains("target: 1,000 t", body, StringComparison.Ordinal);
        Assert.Equal(
            2,
            Regex.Count(body, "<circle class=\"ch-(dot|hollow)\" cx=\"[^\"]+\" cy=\"[^\"]+\" r=\"4.5\"><title>[^<]+: [0-9,]+ t<")
        );
        Assert.Matches("(?s)3 June 2026.{0,200}450 t.{0,300}45%.{0,100}reported", body);
        // what was taken back is in the story, and in no chart
        Assert.Contains("<del>700 t, claimed.</del>", body, StringComparison.Ordinal);
        Assert.DoesNotContain(": 700 t<", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forecasts_are_drawn_by_day_and_over_time()
    {
        await using var house = await OpenAsync();

        var body = (await house.GetAsync("/m/tonnes")).Body;

        Assert.Contains(
            "aria-label=\"What is forecast now: 40% by 31 December 2027; 70% by 31 December 2028.\"",
            body,
            StringComparison.Ordinal
        );
        Assert.Contains("On 5 June 2026: 40% by 31 December 2027, by one analyst.", body, StringComparison.Ordinal);
        Assert.DoesNotContain("How the forecast", (await house.GetAsync("/m/tonnes?asOf=2026-06-04")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_says_so_and_how_it_stands_is_with_the_quote()
    {
        await using var house = await OpenAsync();

        var body = (await house.GetAsync("/m/tonnes")).Body;

        Assert.Matches("(?s)<blockquote>“450 t by June”</blockquote>\\s*<p class=\"from\">Le Pesage, reported</p>", body);
        Assert.Contains("<strong>Taken back on 6 June 2026.</strong> It was another scale.", body, StringComparison.Ordinal);
        Assert.Contains("Nothing new at Le Pesage.", body, StringComparison.Ordinal);
        Assert.Contains("<p>Read off <strong>the chart</strong>.</p>", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_bears_on_it_is_found_at_any_time()
    {
        await using var house = await OpenAsync();

        Assert.Contains("href=\"/m/does-it-pay\"", (await house.GetAsync("/m/tonnes")).Body, StringComparison.Ordinal);
        Assert.Contains(
            "href=\"/m/does-it-pay?asOf=2026-06-02\"",
            (await house.GetAsync("/m/tonnes?asOf=2026-06-02")).Body,
            StringComparison.Ordinal
        );
        Assert.Contains("href=\"/m/tonnes\"", (await house.GetAsync("/m/does-it-pay")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscribe_to_this_leads_to_a_form_in_which_it_is_ticked()
    {
        await using var house = await OpenAsync();
        var link = Regex.Match((await house.GetAsync("/m/tonnes")).Body, "href=\"(/subscribe[^\"]+)\">Subscribe to this<").Groups[1].Value;

        var form = (await house.GetAsync(link)).Body;
        var plain = (await house.GetAsync("/subscribe?topics=nobody,nothing&topics=%00")).Body;

        Assert.Matches("name=\"topics\" value=\"tonnes\" checked", form);
        Assert.DoesNotMatch("name=\"topics\" value=\"site\" checked", form);
        Assert.Matches("name=\"follow\" value=\"some\"[^>]* checked", form);
        Assert.Contains("Only A million tonnes is ticked below.", form, StringComparison.Ordinal);
        Assert.Contains("href=\"/subscribe?lang=fr&topics=tonnes\"", form, StringComparison.Ordinal);
        Assert.Matches("name=\"follow\" value=\"all\" checked", plain);
        Assert.DoesNotContain("is ticked below", plain, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_has_its_date_and_its_news_for_other_programs()
    {
        await using var house = await OpenAsync();
        var body = (await house.GetAsync("/m/tonnes")).Body;

        foreach (var address in (string[])["/m/tonnes.ics", "/m/tonnes.atom"])
        {
            Assert.Contains($"<a href=\"{address}\">", body, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await house.GetAsync(address)).Status);
        }
    }

    private async Task<ServedHouse> OpenAsync()
    {
        var house = await ServedHouse.OpenAsync(cluster);
        await house.House.ImportAsync(Watchlist);
        await house.House.RunAtAsync("2026-06-03T08:00:00Z");
        var pesage = new SourceNamed("Le Pesage");
        await RecordAsync(new ProgressRecorded(300), Standing.Claimed, on: new LocalDate(2026, 6, 1));
        await RecordAsync(new ProgressRecorded(450), Standing.Reported, "450 t by June", "Read off **the chart**.");
        var error = await RecordAsync(new ProgressRecorded(700), Standing.Claimed);
        await house.House.RunAtAsync("2026-06-04T08:00:00Z");
        await RecordAsync(new Forecasted([new ForecastPoint(new LocalDate(2027, 12, 31), 0.6m)]), source: null);
        await house.House.RunAtAsync("2026-06-05T08:00:00Z");
        await RecordAsync(
            new Forecasted([new ForecastPoint(new LocalDate(2027, 12, 31), 0.4m), new ForecastPoint(new LocalDate(2028, 12, 31), 0.7m)]),
            source: null
        );
        await RecordAsync(new Looked());
        await house.House.RunAtAsync("2026-06-06T08:00:00Z");
        await house.House.Mw.Recorder.RetractAsync(error, "It was another scale", "ana", CancellationToken.None);
        return house;

        Task<long> RecordAsync(
            Change change,
            Standing? standing = null,
            string? quote = null,
            string? note = null,
            LocalDate? on = null,
            string? source = "Le Pesage"
        ) =>
            house.House.RecordAsync(
                new RecordRequest("tonnes", change, "ana")
                {
                    Standing = standing,
                    Quote = quote,
                    Verbatim = quote is not null,
                    Note = note,
                    HappenedOn = on,
                    Source = source is null ? null : pesage,
                }
            );
    }
}
