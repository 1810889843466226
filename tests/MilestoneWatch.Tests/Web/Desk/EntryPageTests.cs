using System.Net;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Tests.Web.Desk;

/// <summary>The one form that records what happened.</summary>
public sealed class EntryPageTests(PostgresCluster cluster)
{
    private static readonly (string Field, string Value)[] Everything =
    [
        ("phrase", "Q5 2027"),
        ("fiscal", "4"),
        ("means", "means so"),
        ("conflicts", "yes"),
        ("override", "an override"),
        ("value", "12.5"),
        ("by1", "end of 2027"),
        ("p1", "35"),
        ("by5", "2030"),
        ("p5", "90"),
        ("on", "2026-05-28"),
        ("source", "https://acme.example/<news>"),
        ("publisher", "Acme & Sons"),
        ("title", "A \"title\""),
        ("published", "2026-05-27"),
        ("text", "the whole\ntext"),
        ("quote", "<b>quoted</b>"),
        ("paraphrase", "yes"),
        ("note", "a note </textarea>"),
    ];

    [Theory]
    [InlineData("status", "delayed", EntryKind.StatusChanged)]
    [InlineData("date", "Q1 2027", EntryKind.Rescheduled)]
    [InlineData("evidence", "They say so", EntryKind.EvidenceAdded)]
    [InlineData("look", "", EntryKind.Looked)]
    [InlineData("reading", "end of 2026", EntryKind.ReadingAdded)]
    [InlineData("forecast", "31 December 2026", EntryKind.Forecast)]
    public async Task Whatever_happened_is_recorded_with_who_and_through_which_door(string what, string said, EntryKind kind)
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);
        var field = what switch
        {
            "status" => "status",
            "date" or "reading" => "phrase",
            "evidence" => "quote",
            "forecast" => "by1",
            _ => "note",
        };

        var answer = await desk.SendAsync(
            "/desk/m/site",
            "/desk/m/site",
            ("what", what),
            (field, said),
            ("p1", what == "forecast" ? "40" : "")
        );

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        var entry = (await desk.House.HistoryAsync("site")).Last(one => !one.Kind.IsDerived());
        Assert.Equal(kind, entry.Kind);
        Assert.Equal("desk", await desk.House.ScalarAsync<string>($"select door from entries where position = {entry.Position}"));
        Assert.Equal(
            "bea",
            await desk.House.ScalarAsync<string>(
                $"select u.name from entries e join users u on u.id = e.actor where e.position = {entry.Position}"
            )
        );
        var page = await desk.GetAsync(answer.Headers["Location"]);
        Assert.Contains($"Recorded as entry {entry.Position}.", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_and_a_name_are_recorded_where_they_are_counted()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);
        await desk.House.CountedAsync();
        var slugs = await desk.House.ScalarAsync<string>(
            "select string_agg(slug, ',' order by id) from milestones where kind in ('quantity', 'tally')"
        );
        var (quantity, tally) = slugs!.Split(',') is [var first, var second] ? (first, second) : throw new InvalidOperationException(slugs);

        var number = await desk.SendAsync(
            $"/desk/m/{quantity}",
            $"/desk/m/{quantity}",
            ("what", "progress"),
            ("value", "44.5"),
            ("on", "2026-05-28")
        );
        var name = await desk.SendAsync(
            $"/desk/m/{tally}",
            $"/desk/m/{tally}",
            ("what", "evidence"),
            ("name", "Globex"),
            ("relation", "renewal"),
            ("source", "Example Wire"),
            ("standing", "reported")
        );

        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.SeeOther), (number.Status, name.Status));
        Assert.Equal(44.5m, (await desk.House.MilestoneAsync(quantity)).State.Progress);
        Assert.Contains((await desk.House.HistoryAsync(tally)), entry => entry.Body?.Change is EvidenceAdded { Name: "Globex" });
    }

    [Theory]
    [InlineData("status", "status", "", "Choose the status")]
    [InlineData("status", "status", "achieved", "needs evidence")]
    [InlineData("status", "status", "great", "none of")]
    [InlineData("date", "phrase", "", "as it is printed")]
    [InlineData("date", "phrase", "Q5 2026", "Q4 2026")]
    [InlineData("date", "fiscal", "13", "1 to 12")]
    [InlineData("progress", "value", "a lot", "write digits")]
    [InlineData("progress", "value", "12", "quantity")]
    [InlineData("evidence", "stance", "supports", "Evidence says something")]
    [InlineData("forecast", "by1", "2027", "no probability")]
    [InlineData("forecast", "p1", "40", "no date")]
    [InlineData("look", "on", "2031-01-01", "has not come yet")]
    [InlineData("look", "on", "tomorrow", "no day")]
    [InlineData("look", "publisher", "Acme", "name it by its address")]
    [InlineData("look", "note", "a\u202Eb", "writing direction")]
    [InlineData("look", "standing", "sure", "none of")]
    [InlineData("party", "note", "x", "nothing that can be recorded")]
    public async Task What_cannot_be_recorded_is_said_and_nothing_is(string what, string field, string value, string says)
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);
        var head = await desk.HeadAsync();

        var answer = await desk.SendAsync("/desk/m/site", "/desk/m/site", ("what", what), (field, value));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(says, answer.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(head, await desk.HeadAsync());
        Assert.Equal(0, await desk.House.ScalarAsync<long>("select count(*) from sources where publisher = 'Acme & Sons'"));
    }

    [Fact]
    public async Task Everything_that_was_typed_survives_a_refused_form()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);

        var answer = await desk.SendAsync(
            "/desk/m/site",
            "/desk/m/site",
            [("what", "date"), ("status", "delayed"), ("standing", "reported"), ("stance", "contradicts"), .. Everything]
        );

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        foreach (var (_, value) in Everything.Where(one => one.Field is not ("conflicts" or "paraphrase" or "value")))
        {
            Assert.Contains(value, answer.Body, StringComparison.Ordinal);
        }
        Assert.Matches("id=\"what-date\" value=\"date\" checked", answer.Body);
        Assert.Matches("value=\"delayed\" selected", answer.Body);
        Assert.Matches("value=\"reported\" selected", answer.Body);
        Assert.Matches("value=\"contradicts\" selected", answer.Body);
        Assert.Matches("name=\"conflicts\" value=\"yes\" checked", answer.Body);
        Assert.Matches("name=\"paraphrase\" value=\"yes\" checked", answer.Body);
        Assert.Matches("<details open", answer.Body);
    }

    [Fact]
    public async Task A_conflict_shows_both_and_loses_neither()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);
        var opened = DeskHouse.Hidden((await desk.GetAsync("/desk/m/site")).Body).ToArray();
        await desk.House.RescheduleAsync("site", "Q1 2027", note: "They wrote so.");

        var conflict = await desk.PostAsync(
            "/desk/m/site",
            [.. opened, ("what", "date"), ("phrase", "Q2 2027"), ("note", "My own words.")]
        );

        Assert.Equal(HttpStatusCode.Conflict, conflict.Status);
        Assert.Contains("was changed by somebody else while you typed", conflict.Body, StringComparison.Ordinal);
        Assert.Contains("To “Q1 2027”", conflict.Body, StringComparison.Ordinal);
        Assert.Contains("They wrote so.", conflict.Body, StringComparison.Ordinal);
        Assert.Contains("ana", conflict.Body, StringComparison.Ordinal);
        Assert.Contains("value=\"Q2 2027\"", conflict.Body, StringComparison.Ordinal);
        Assert.Contains("My own words.", conflict.Body, StringComparison.Ordinal);
        Assert.Equal("Q1 2027", (await desk.House.MilestoneAsync("site")).Phrase);

        var again = await desk.PostAsync("/desk/m/site", [.. DeskHouse.Hidden(conflict.Body), ("what", "date"), ("phrase", "Q2 2027")]);

        Assert.Equal(HttpStatusCode.SeeOther, again.Status);
        Assert.Equal("Q2 2027", (await desk.House.MilestoneAsync("site")).Phrase);
        Assert.Equal(2, (await desk.House.HistoryAsync("site")).Count(entry => entry.Kind == EntryKind.Rescheduled));
    }

    [Fact]
    public async Task The_same_form_sent_twice_is_recorded_once()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);
        var opened = DeskHouse.Hidden((await desk.GetAsync("/desk/m/site")).Body).ToArray();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => desk.PostAsync("/desk/m/site", [.. opened, ("what", "look")])));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.SeeOther);
        Assert.Equal(4, answers.Count(answer => answer.Status == HttpStatusCode.Conflict));
        Assert.Single(await desk.House.HistoryAsync("site"), entry => entry.Kind == EntryKind.Looked);
    }

    [Fact]
    public async Task The_mail_that_readers_will_get_is_shown_and_nothing_is_recorded()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);
        await desk.House.JoinAsync("ada@example.org", Domain.Subscribers.Cadence.Immediate);
        var head = await desk.HeadAsync();

        var mail = await desk.SendAsync(
            "/desk/m/site/mail",
            "/desk/m/site",
            ("what", "date"),
            ("phrase", "Q1 2027"),
            ("note", "<script>alert(1)</script>")
        );
        var refused = await desk.SendAsync("/desk/m/site/mail", "/desk/m/site", ("what", "date"), ("phrase", "Q5 2027"));
        var silent = await desk.SendAsync("/desk/m/site/mail", "/desk/m/site", ("what", "look"));

        Assert.Contains("To one reader, at once.", mail.Body.Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.Contains("Subject:", mail.Body, StringComparison.Ordinal);
        Assert.Contains("Q1 2027", mail.Body, StringComparison.Ordinal);
        Assert.Contains("sandbox", mail.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", mail.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("No mail yet.", refused.Body, StringComparison.Ordinal);
        Assert.Contains("did you mean", refused.Body, StringComparison.Ordinal);
        Assert.Contains("No mail goes out for this.", silent.Body, StringComparison.Ordinal);
        Assert.Equal(head, await desk.HeadAsync());
    }

    [Theory]
    [InlineData("Q4 2026", "", "Read as 1 October to 31 December 2026.")]
    [InlineData("by 2027", "", "or")]
    [InlineData("within 6 weeks", "2026-06-01", "13 July 2026")]
    [InlineData("Q5 2026", "", "did you mean “Q4 2026”?")]
    [InlineData("", "", "")]
    public async Task A_date_is_read_while_it_is_typed(string phrase, string on, string says)
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);

        var answer = await desk.GetAsync($"/desk/reading?phrase={Uri.EscapeDataString(phrase)}&on={on}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains(says, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_settled_opens_again_with_a_reason()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);
        await desk.SendAsync("/desk/m/site", "/desk/m/site", ("what", "status"), ("status", "cancelled"));
        Assert.Equal(Status.Cancelled, (await desk.House.MilestoneAsync("site")).State.Status);

        var without = await desk.SendAsync("/desk/m/site", "/desk/m/site", ("what", "date"), ("phrase", "2027"));
        var with = await desk.SendAsync(
            "/desk/m/site",
            "/desk/m/site",
            ("what", "date"),
            ("phrase", "2027"),
            ("reopen", "They changed their mind.")
        );

        Assert.Equal(HttpStatusCode.UnprocessableEntity, without.Status);
        Assert.Equal(HttpStatusCode.SeeOther, with.Status);
        Assert.Equal(
            (Status.Planned, "2027"),
            ((await desk.House.MilestoneAsync("site")).State.Status, (await desk.House.MilestoneAsync("site")).Phrase)
        );
    }

    [Fact]
    public async Task Undo_is_a_retraction_with_a_reason_and_the_mail_that_it_makes()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);
        await desk.SendAsync("/desk/m/site", "/desk/m/site", ("what", "date"), ("phrase", "2028"));
        var position = (await desk.House.HistoryAsync("site")).Last(entry => entry.Kind == EntryKind.Rescheduled).Position;
        var page = $"/desk/undo/{position}";
        await desk.House.JoinAsync("ada@example.org", Domain.Subscribers.Cadence.Immediate);

        var preview = await desk.SendAsync($"{page}/mail", page, ("reason", ""));
        var unsaid = await desk.SendAsync(page, page, ("reason", " "));
        Assert.Equal("2028", (await desk.House.MilestoneAsync("site")).Phrase);
        var done = await desk.SendAsync(page, page, ("reason", "It was another site."));

        Assert.Contains("Q4 2026", preview.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unsaid.Status);
        Assert.Contains("Say why it was a mistake", unsaid.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
        Assert.Equal("Q4 2026", (await desk.House.MilestoneAsync("site")).Phrase);
        var again = await desk.SendAsync(page, page, ("reason", "Once more."));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, again.Status);
        Assert.Contains("retracted already", again.Body, StringComparison.Ordinal);
        Assert.Contains("<del>", (await desk.GetAsync("/desk/m/site")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/desk/m/nothing")]
    [InlineData("/desk/undo/999")]
    [InlineData("/desk/undo/x")]
    public async Task What_is_not_there_is_said(string address)
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);

        Assert.Equal(HttpStatusCode.NotFound, (await desk.GetAsync(address)).Status);
    }

    [Fact]
    public async Task A_mails_buttons_and_the_desks_fill_the_form_in()
    {
        await using var desk = await DeskHouse.OpenAsync(cluster);
        desk.House.Clock.Reset(Is.At("2027-01-04T08:00:00Z"));
        var later = DeskHouse.Cookie(await DeskHouse.SignInAsync(desk.House, "bea"));

        var waits = await desk.Served.GetAsync("/desk", later);
        var form = await desk.Served.GetAsync("/desk/m/site?what=status&status=achieved", later);

        Assert.Contains(
            "One milestone waits for somebody who knows",
            waits.Title.Replace('\u00a0', ' '),
            StringComparison.OrdinalIgnoreCase
        );
        Assert.Contains("/desk/m/site?what=status&status=achieved", waits.Body, StringComparison.Ordinal);
        Assert.Contains("the window ended on 31 December 2026", waits.Body, StringComparison.Ordinal);
        Assert.Matches("value=\"achieved\" selected", form.Body);
        Assert.Contains("data-live=\"now\"", form.Body, StringComparison.Ordinal);
    }
}
