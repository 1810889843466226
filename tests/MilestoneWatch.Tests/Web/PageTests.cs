using System.Net;
using System.Text.RegularExpressions;

namespace MilestoneWatch.Tests.Web;

public sealed partial class PageTests(ServedPages pages) : IClassFixture<ServedPages>
{
    public static TheoryData<string> Addresses =>
        ["/", "/m/les-ulis-opening", "/m/compute-200-mw", "/m/compute-on-schedule", "/m/hostile", "/m/nowhere", "/?asOf=nonsense"];

    [Fact]
    public async Task The_board_tells_phrase_status_slip_and_today()
    {
        var text = await TextAsync("/");

        Assert.Contains(">Q4 2026</text>", text, StringComparison.Ordinal);
        Assert.Contains(">+92 days</text>", text, StringComparison.Ordinal);
        Assert.Contains(">Today, 23 November 2026</text>", text, StringComparison.Ordinal);
        Assert.Contains("or until 31 December 2026", text, StringComparison.Ordinal);
        Assert.Contains("40 of 200 MW (20%)", text, StringComparison.Ordinal);
        Assert.Contains("<td data-label=\"Moved\" class=\"figures\">+92 days</td>", text, StringComparison.Ordinal);
        Assert.Contains("Do specialized models keep pace with user needs?", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_passed_date_needs_a_look_and_is_not_called_missed()
    {
        var text = await TextAsync("/");

        Assert.Contains("146 days past", text, StringComparison.Ordinal);
        Assert.Matches("(?s)data-shape=\"ring\".{0,300}needs a look", text);
        Assert.DoesNotContain("missed", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Each_row_of_the_timeline_is_also_told_in_words()
    {
        var text = await TextAsync("/");

        Assert.Equal(7, Regex.Count(text, "<svg class=\"tl-bars\"[^>]* role=\"img\" aria-labelledby="));
        Assert.Contains(
            "Delayed. Promised for “Q4 2026”: 1 October to 31 December 2026. Due in 38 days. First promised for “Q3 2026”, now 92 days later.",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("<caption>The same in numbers</caption>", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_milestones_page_reads_like_an_article()
    {
        var text = await TextAsync("/m/les-ulis-opening");

        string[] inOrder =
        [
            "<h1>Les Ulis inference data center opens</h1>",
            "moved once to the fourth; no opening is on record.",
            "What settles it.",
            "(Our wording.)",
            "tl-bars",
            "The same in numbers",
            "The story so far",
            "9 November 2026",
            "28 May 2026",
            "<h2 id=\"sources\">",
            "id=\"source-1\"",
        ];
        var at = 0;
        foreach (var piece in inOrder)
        {
            var found = text.IndexOf(piece, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{piece}' is missing or out of order");
            at = found;
        }
    }

    [Fact]
    public async Task A_retracted_entry_is_struck_out_and_owned_up_to()
    {
        var text = await TextAsync("/m/les-ulis-opening");

        Assert.Contains("<del>Marked as achieved.</del>", text, StringComparison.Ordinal);
        Assert.Contains("Taken back.</strong> The report spoke of another site. That was our error.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_verbatim_quote_stands_in_quotation_marks()
    {
        var text = await TextAsync("/m/les-ulis-opening");

        Assert.Contains("“The site will now open in the fourth quarter.”", text, StringComparison.Ordinal);
        Assert.Contains("In substance: Les Ulis is to open", text, StringComparison.Ordinal);
        Assert.DoesNotContain("“Les Ulis is to open", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recorded_time_is_told_in_the_milestones_zone() =>
        Assert.Contains("Recorded 6 October 2026, 09:12 Paris", await TextAsync("/m/les-ulis-opening"), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Nothing_is_inline_and_nothing_comes_from_elsewhere(string address)
    {
        using var response = await pages.Client.GetAsync(address, TestContext.Current.CancellationToken);
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("<(script|style|iframe|object|base|img)\\b", html);
        // a raw quote only ever delimits a value: without the values, what looks like an attribute is one
        Assert.DoesNotMatch(InlineAttribute(), AttributeValue().Replace(html, "\"\""));
        Assert.DoesNotMatch("<link(?! rel=\"alternate\")[^>]+href=\"(?!/assets/)", html);
        Assert.DoesNotMatch("<link rel=\"alternate\"[^>]+href=\"(?!/[^/])", html);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_web_addresses_become_links()
    {
        var html = await pages.Client.GetStringAsync("/m/hostile", TestContext.Current.CancellationToken);

        Assert.DoesNotContain("javascript:", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("data:text", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_as_of_page_says_so_and_links_to_as_of_pages()
    {
        var text = await TextAsync("/?asOf=2026-10-05");

        Assert.Contains("As known on <time datetime=\"2026-10-05\">", text, StringComparison.Ordinal);
        Assert.Contains("href=\"/m/les-ulis-opening?asOf=2026-10-05\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"/m/les-ulis-opening\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/m/nowhere", HttpStatusCode.NotFound, "Nothing is kept here")]
    [InlineData("/nowhere/at/all", HttpStatusCode.NotFound, "Nothing is kept here")]
    [InlineData("/?asOf=soonish", HttpStatusCode.BadRequest, "That is not a date")]
    [InlineData("/m/les-ulis-opening?asOf=9999-12-31", HttpStatusCode.BadRequest, "That is not a date")]
    public async Task What_is_not_there_gets_a_friendly_page(string address, HttpStatusCode status, string title)
    {
        using var response = await pages.Client.GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(
            $"<h1>{title}</h1>",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    private async Task<string> TextAsync(string address) =>
        WebUtility.HtmlDecode(await pages.Client.GetStringAsync(address, TestContext.Current.CancellationToken));

    [GeneratedRegex("\"[^\"]*\"", RegexOptions.None, 1000)]
    private static partial Regex AttributeValue();

    [GeneratedRegex("<[^>]*\\s(style|on[a-z]+)=", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InlineAttribute();
}
