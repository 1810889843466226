using CsCheck;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Record;
using NodaTime;

namespace MilestoneWatch.Tests.Record;

/// <summary>Any order of changes of every kind, through the real recorder: whatever it accepts, the ledger verifies.</summary>
public sealed class RandomChangesTests(PostgresCluster cluster)
{
    private const int Changes = 300;
    private static readonly LocalDate Today = new(2026, 5, 28);
    private static readonly string[] Slugs = ["site", "power", "customers", "why"];
    private static readonly string[] Phrases = ["Q3 2026", "Q4 2026", "by 2027", "after 2026"];
    private static readonly string[] Names =
    [
        "CMA CGM",
        " cma  cgm",
        "BNP",
        "BNP Paribas",
        "Airbus",
        "EADS",
        "SNCF",
        "ＳＮＣＦ",
        "Stellantis",
    ];

    private static readonly Gen<(int Slug, int What, int Which, int Other)[]> Attempts = Gen.Select(
        Gen.Int[0, 3],
        Gen.Int[0, 13],
        Gen.Int[0, 8],
        Gen.Int[0, 3]
    ).Array[Changes];

    [Fact]
    public Task Whatever_is_recorded_retracted_and_redacted_the_ledger_verifies() =>
        Attempts.SampleAsync(
            async attempts =>
            {
                await using var house = await OpenAsync();
                var accepted = 0;
                foreach (var attempt in attempts)
                {
                    accepted += await TryAsync(house, attempt) is RecordOutcome.Recorded ? 1 : 0;
                }
                await using var connection = await house.Mw.Database.OpenConnectionAsync(CancellationToken.None);
                var report = await LedgerVerification.RunAsync(connection, CancellationToken.None);
                Assert.Empty(report.Problems);
                Assert.NotEmpty(report.Redacted);
                Assert.True(accepted > Changes / 4, $"{accepted} accepted");
                foreach (var slug in Slugs)
                {
                    var (state, history) = ((await house.MilestoneAsync(slug)).State, await house.HistoryAsync(slug));
                    Assert.Equal(history.Count(entry => !entry.Kind.IsDerived()), state.Revision);
                    Assert.Equal(history[^1].State, state);
                }
            },
            iter: 2,
            threads: 1
        );

    private static async Task<RecordOutcome> TryAsync(House house, (int Slug, int What, int Which, int Other) attempt)
    {
        var (slug, what, which, other) = (Slugs[attempt.Slug], attempt.What, attempt.Which, attempt.Other);
        var recorder = house.Mw.Recorder;
        if (what is 10 or 11 or 12)
        {
            var history = await house.HistoryAsync(slug);
            var position = history[(which * 4 + other) % history.Count].Position;
            return what == 12
                ? await recorder.RedactAsync(position, "a name", "ana", CancellationToken.None)
                : await recorder.RetractAsync(position, "misread", "ana", CancellationToken.None);
        }
        var wording = (await house.MilestoneAsync(slug)).Definition;
        var tally = attempt.Slug == 2;
        Change change = what switch
        {
            0 or 1 => new StatusChanged((Status)which, other == 0 ? "seen" : null),
            2 => new Reopened("it was early"),
            3 => new Rescheduled(Is.Due(Phrases[other])),
            4 => new ProgressRecorded(which * 40),
            5 or 6 => new EvidenceAdded(
                (Stance)(which % 3),
                tally ? Names[which] : null,
                null,
                tally ? (other == 1 ? "launch" : "renewal") : null,
                false
            ),
            7 => new Redefined(wording with { Title = $"Title {which}", QuietDays = which, ForecastPoints = 1 + other }),
            8 => new ReadingAdded(Is.Due(Phrases[other]), null, other == 0),
            9 => new Forecasted([new ForecastPoint(new LocalDate(2026, 9, 30).PlusDays(other), 0.1m * (1 + which))]),
            _ => new Looked(),
        };
        return await recorder.RecordAsync(
            new RecordRequest(slug, change, $"ana {other}")
            {
                HappenedOn = Today.PlusDays(-other),
                Source = other == 3 ? null : new SourceNamed($"Wire {which}"),
                Standing = other == 3 ? null : (Standing)other,
            },
            CancellationToken.None
        );
    }

    private async Task<House> OpenAsync()
    {
        var house = await House.OpenAsync(cluster);
        await house.CountedAsync();
        await house.ImportAsync(
            """
            subject: {slug: acme, name: Acme}
            as_of: 2026-05-28
            milestones:
              - {slug: site, title: It opens, kind: event, counts_when: it is open, zone: UTC, promised: {phrase: Q3 2026, on: 2026-05-28}}
            questions:
              - {slug: why, text: "Why there?", about: [site]}
            """
        );
        return house;
    }
}
