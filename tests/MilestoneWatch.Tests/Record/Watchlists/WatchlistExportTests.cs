using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Hosting;
using MilestoneWatch.Record;
using MilestoneWatch.Record.Watchlists;
using NodaTime;

namespace MilestoneWatch.Tests.Record.Watchlists;

public sealed class WatchlistExportTests(PostgresCluster cluster)
{
    private const string LesUlis = "les-ulis-opening";

    [Fact]
    public async Task The_founding_watchlist_comes_back_in_the_same_bytes()
    {
        await using var house = await FoundedAsync();
        await RoundTrip.HoldsAsync(cluster, house);
    }

    [Fact]
    public async Task The_founding_watchlist_comes_back_with_every_fact_and_in_its_order()
    {
        await using var house = await FoundedAsync();
        Assert.True(WatchlistFile.TryRead(await house.ExportAsync(), out var back, out var errors), string.Join('\n', errors));
        Assert.Equal(Lines(Founding.Read()), Lines(back));
    }

    [Fact]
    public async Task What_analysts_recorded_comes_back()
    {
        await using var house = await AnalysedAsync();
        var a = await RoundTrip.HoldsAsync(cluster, house);

        Assert.True(WatchlistFile.TryRead(a, out var back, out _));
        var lesUlis = back.Milestones.Single(m => m.Slug == LesUlis);
        Assert.Equal("Q1 2027", lesUlis.Promised!.Phrase);
        Assert.Equal(["Q3 2026", "by the end of 2026"], lesUlis.Earlier.Select(p => p.Phrase));
        Assert.Equal((Status.Delayed, "Said at the partner day"), (lesUlis.Status!.Is, lesUlis.Status.Remarks.Note));
        Assert.Equal(["economic-times", "w-media", "neuralfeed", "le-monde"], lesUlis.Readings.Select(r => r.Source));
        var power = back.Milestones.Single(m => m.Slug == "compute-200-mw");
        Assert.Equal([40m, 80m], power.Progress.Select(p => p.Value));
        Assert.Equal("mistral-ai", power.Progress[1].Source);
        Assert.Equal(7, power.QuietDays);
        Assert.Equal(Status.Achieved, back.Milestones.Single(m => m.Slug == "borlange-opening").Status!.Is);
        Assert.Equal(Status.Answered, back.Questions.Single(q => q.Slug == "model-releases").Status!.Is);
        Assert.Equal(
            ["compute-page", "le-monde", "mistral-ai", "le-monde-2"],
            back.Sources.Select(s => s.Name)
                .Where(n => n is "compute-page" or "mistral-ai" || n.StartsWith("le-monde", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task An_export_into_an_empty_database_has_every_move_again()
    {
        await using var house = await AnalysedAsync();
        await using var empty = await House.OpenAsync(cluster, "2026-12-01T08:00:00Z");
        await empty.ImportAsync(await house.ExportAsync());

        var (was, now) = ((await house.MilestoneAsync(LesUlis)).State, (await empty.MilestoneAsync(LesUlis)).State);
        Assert.Equal((was.Window, was.FirstWindow, was.Moves, was.Status), (now.Window, now.FirstWindow, now.Moves, now.Status));
        Assert.Equal(
            (await house.MilestoneAsync("compute-200-mw")).State.Progress,
            (await empty.MilestoneAsync("compute-200-mw")).State.Progress
        );
        Assert.Equal(
            (await house.MilestoneAsync("repeat-enterprise-adoption")).State.Counted,
            (await empty.MilestoneAsync("repeat-enterprise-adoption")).State.Counted
        );
        await using var connection = await empty.Mw.Database.OpenConnectionAsync(CancellationToken.None);
        Assert.Empty((await LedgerVerification.RunAsync(connection, CancellationToken.None)).Problems);
    }

    [Fact]
    public async Task What_was_retracted_or_redacted_is_not_exported()
    {
        await using var house = await FoundedAsync();
        var wrong = await house.RecordAsync(Evidence("borlange-opening", "a wrong report"));
        var secret = await house.RecordAsync(Evidence("borlange-opening", "a name that had to go"));
        var moved = await house.RecordAsync(Move("borlange-opening", "Q2 2027"));
        await house.Mw.Recorder.RetractAsync(wrong, "it was about another site", "ana", CancellationToken.None);
        await house.Mw.Recorder.RetractAsync(moved, "misread", "ana", CancellationToken.None);
        await house.ExecuteAsync($"select redact_entry({secret})");

        var a = await RoundTrip.HoldsAsync(cluster, house);
        Assert.DoesNotContain("a wrong report", a, StringComparison.Ordinal);
        Assert.DoesNotContain("had to go", a, StringComparison.Ordinal);
        Assert.DoesNotContain("Q2 2027", a, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_promise_whose_words_were_redacted_keeps_its_window()
    {
        await using var house = await FoundedAsync();
        var moved = await house.RecordAsync(Move(LesUlis, "third quarter of 2027"));
        await house.ExecuteAsync($"select redact_entry({moved})");
        await house.ExecuteAsync("select redact_entry((select min(position) from entries where kind = 'added'))");

        await RoundTrip.HoldsAsync(cluster, house);
        Assert.Contains("phrase: Q3 2027", await house.ExportAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_success_whose_evidence_was_redacted_is_imported_again()
    {
        await using var house = await FoundedAsync();
        var proof = await house.RecordAsync(Evidence(LesUlis, "it is open"));
        await house.RecordAsync(new RecordRequest(LesUlis, new StatusChanged(Status.Achieved), "ana"));
        await house.ExecuteAsync($"select redact_entry({proof})");

        Assert.Contains("override: what it rested on was redacted", await RoundTrip.HoldsAsync(cluster, house), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_phrase_that_a_file_would_read_otherwise_says_how_it_was_read()
    {
        await using var house = await FoundedAsync();
        Assert.True(Domain.Windows.PhraseReader.TryRead("Q1 FY2027", new LocalDate(2026, 6, 3), 4, out var window, out _));
        await house.RecordAsync(new RecordRequest(LesUlis, new Rescheduled(new Domain.Ledger.Promise("Q1 FY2027", window!)), "ana"));

        await RoundTrip.HoldsAsync(cluster, house);
        Assert.Contains("read_as: Q2 2026", await house.ExportAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subject_is_named_where_there_are_several()
    {
        await using var house = await House.OpenAsync(cluster);
        Assert.Contains(
            "mw import",
            (await Assert.ThrowsAsync<RefusedException>(() => house.ExportAsync())).Message,
            StringComparison.Ordinal
        );
        await house.ImportAsync(Founding.Yaml);
        await house.PromiseAsync("site", "Q3 2026");

        var refused = await Assert.ThrowsAsync<RefusedException>(() => house.ExportAsync());
        Assert.Contains("(acme, mistral-ai)", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Les Ulis", await house.ExportAsync("acme"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_analysts_did_comes_back(int seed)
    {
        await using var house = await FoundedAsync();
        var random = new Random(seed);
        string[] slugs = [LesUlis, "compute-200-mw", "borlange-opening", "repeat-enterprise-adoption", "durable-advantage"];
        string[] phrases = ["Q3 2026", "Q4 2026", "by 2027", "TBD", "winter 2026", "around 2028", "within 6 weeks", "FY2027", "next year"];
        var done = new List<long>();
        for (var i = 0; i < 60; i++)
        {
            house.Clock.AdvanceHours(random.Next(48));
            var slug = slugs[random.Next(slugs.Length)];
            var phrase = phrases[random.Next(phrases.Length)];
            var on = new LocalDate(2026, 6, 1).PlusDays(random.Next(60));
            Assert.True(Domain.Windows.PhraseReader.TryRead(phrase, on, random.Next(3) == 0 ? 4 : null, out var window, out _));
            var promise = new Domain.Ledger.Promise(phrase, window) { FirstSeen = random.Next(4) == 0 };
            Change change = random.Next(7) switch
            {
                0 => new Rescheduled(promise),
                1 => new ReadingAdded(promise, "opening", random.Next(2) == 0),
                2 => new ProgressRecorded(random.Next(300) / 2m),
                3 when slug == "repeat-enterprise-adoption" => new EvidenceAdded(
                    Stance.Supports,
                    $"Name {random.Next(4)}",
                    null,
                    "renewal",
                    true
                ),
                3 => new EvidenceAdded((Stance)random.Next(3), null, null, null, false),
                4 => new StatusChanged((Status)random.Next(9), random.Next(2) == 0 ? "our word" : null),
                5 => new Reopened("again"),
                _ => new Redefined((await house.MilestoneAsync(slug)).Definition with { Detail = $"words {random.Next(3)}" }),
            };
            var request = new RecordRequest(slug, change, "ana")
            {
                HappenedOn = on,
                Note = random.Next(2) == 0 ? $"note {random.Next(2)}" : null,
                Quote = random.Next(2) == 0 ? "they said" : null,
                Verbatim = random.Next(2) == 0,
                Standing = random.Next(2) == 0 ? (Standing)random.Next(4) : null,
                Source = random.Next(3) == 0 ? null : new SourceNamed($"Paper {random.Next(3)}", random.Next(2) == 0 ? "A title" : null),
            };
            // what the ledger refuses is no less a test
            if (await house.Mw.Recorder.RecordAsync(request, CancellationToken.None) is RecordOutcome.Recorded recorded)
                done.Add(recorded.Position);
            if (i % 9 == 8)
                await house.Mw.Recorder.RetractAsync(done[random.Next(done.Count)], "an error", "ana", CancellationToken.None);
        }
        Assert.True(done.Count > 25, $"only {done.Count} were recorded");
        await RoundTrip.HoldsAsync(cluster, house);
    }

    private static RecordRequest Move(string slug, string phrase) =>
        new(slug, new Rescheduled(new Domain.Ledger.Promise(phrase, Is.Due(phrase).Window)), "ana");

    private static RecordRequest Evidence(string slug, string quote) =>
        new(slug, new EvidenceAdded(Stance.Supports, null, null, null, false), "ana")
        {
            Quote = quote,
            Verbatim = true,
            Standing = Standing.Reported,
            Source = new SourceNamed("Le Monde", Url: "https://lemonde.example/1"),
        };

    /// <summary>Everything that an analyst can have done to the founding watchlist.</summary>
    private async Task<House> AnalysedAsync()
    {
        var house = await FoundedAsync();
        var monde = new SourceNamed("Le Monde", "Deuxième site", "https://lemonde.example/2", new LocalDate(2026, 9, 1));
        await house.RecordAsync(
            Move(LesUlis, "by the end of 2026") with
            {
                Source = monde,
                Note = "Two lines:\nthe second",
                HappenedOn = new LocalDate(2026, 6, 2),
            }
        );
        await house.RecordAsync(
            new RecordRequest(
                LesUlis,
                [new Rescheduled(new Domain.Ledger.Promise("Q1 2027", Is.Due("Q1 2027").Window)), new StatusChanged(Status.Delayed)],
                "ana"
            )
            {
                Note = "Said at the partner day",
                Quote = "we will be late",
                Verbatim = true,
                Standing = Standing.Claimed,
            }
        );
        await house.RecordAsync(
            new RecordRequest(
                LesUlis,
                new ReadingAdded(new Domain.Ledger.Promise("early 2027", Is.Due("early 2027").Window), "opening", true),
                "ana"
            )
            {
                Source = monde,
                Note = "as printed",
            }
        );
        await house.RecordAsync(new RecordRequest(LesUlis, new Looked(), "ana"));
        await house.RecordAsync(
            new RecordRequest("compute-200-mw", new ProgressRecorded(80.0m), "ana")
            {
                HappenedOn = new LocalDate(2026, 6, 2),
                Source = new SourceNamed("Mistral AI"),
                Standing = Standing.Confirmed,
                Quote = "80 MW",
                Verbatim = true,
            }
        );
        var known = (await house.MilestoneAsync("compute-200-mw")).Definition;
        await house.RecordAsync(
            new RecordRequest(
                "compute-200-mw",
                new Redefined(
                    known with
                    {
                        Detail = "Ana's: words",
                        Target = 220.50m,
                        Name = null,
                        QuietDays = 7,
                        ReminderDays = [],
                        ForecastPoints = 5,
                        Ours = ["name", "detail"],
                    }
                ),
                "ana"
            )
        );
        var tally = (await house.MilestoneAsync("repeat-enterprise-adoption")).Definition;
        await house.RecordAsync(
            new RecordRequest(
                "repeat-enterprise-adoption",
                new Redefined(
                    tally with
                    {
                        Threshold = 3,
                        Aliases = new Dictionary<string, string> { ["CMA: CGM"] = "CMA CGM", ["null"] = "yes" },
                    }
                ),
                "ana"
            )
        );
        foreach (var name in new[] { "CMA CGM", "Orange" })
        {
            await house.RecordAsync(
                new RecordRequest(
                    "repeat-enterprise-adoption",
                    new EvidenceAdded(Stance.Supports, name, TallyNames.Key(name), "renewal", true),
                    "ana"
                )
                {
                    Standing = Standing.Reported,
                    Source = monde,
                }
            );
        }
        await house.RecordAsync(Evidence("borlange-opening", "it is in service"));
        await house.RecordAsync(
            new RecordRequest("borlange-opening", new StatusChanged(Status.Achieved), "ana") { HappenedOn = new LocalDate(2026, 6, 1) }
        );
        await house.RecordAsync(
            new RecordRequest("bruyeres-le-chatel-opening", new StatusChanged(Status.Missed, "nobody reports on it: \"silence\""), "ana")
        );
        await house.RecordAsync(Evidence("model-releases", "several") with { Note = "a note", Quote = null, Verbatim = false });
        await house.RecordAsync(new RecordRequest("model-releases", new StatusChanged(Status.Answered), "ana") { Note = "Medium 3" });
        await house.RecordAsync(new RecordRequest("durable-advantage", new StatusChanged(Status.Answered), "ana"));
        await house.RecordAsync(new RecordRequest("durable-advantage", new Reopened("too early"), "ana"));
        return house;
    }

    private static IEnumerable<string> Lines(Watchlist list) =>
        [
            .. list.Sources.Select(s => $"{s with { Line = 0 }}"),
            .. list.Milestones.SelectMany(m =>
                new[]
                {
                    $"{m.Slug} {m.Kind} {m.Zone ?? "UTC"} {string.Join(' ', m.Ours.Order())}",
                    string.Join('|', DefinitionFields.Of(m).Select(f => f.Value)),
                    $"{(m.Promised is null ? "" : m.Promised with { Line = 0 })}",
                }
                    .Concat(m.Readings.Select(r => $"{r with { Line = 0 }}"))
                    .Concat(m.Progress.Select(p => $"{p with { Line = 0 }}"))
                    .Concat(
                        m.Evidence.Select(e => $"{e with { Line = 0, Ours = new HashSet<string>() }} {string.Join(' ', e.Ours.Order())}")
                    )
            ),
            .. list.Questions.Select(q => $"{q.Slug} {q.Text} {q.Source} {string.Join(' ', q.About)}"),
            .. list.Quotes.Select(q => $"{q with { Line = 0 }}"),
            .. list.Context.Select(c => $"{c with { Line = 0 }}"),
        ];

    private async Task<House> FoundedAsync()
    {
        var house = await House.OpenAsync(cluster, "2026-06-03T08:00:00Z");
        Assert.True(await house.ImportAsync(Founding.Yaml) > 0);
        return house;
    }
}
