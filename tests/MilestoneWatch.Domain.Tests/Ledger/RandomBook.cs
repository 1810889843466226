using CsCheck;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Forecasts;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Domain.Tests.Ledger;

/// <summary>Books filled by random attempts, most of them valid; the numbers alone decide, so that a failure shrinks.</summary>
internal static class RandomBook
{
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

    private static readonly Definition Counting = new()
    {
        Title = "Customers come back",
        Relations = new Dictionary<string, bool>(StringComparer.Ordinal) { ["renewal"] = true, ["launch"] = false },
        Baseline = ["Airbus"],
        Aliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["EADS"] = "Airbus", ["BNP"] = "BNP Paribas" },
        Threshold = 2,
    };

    private static readonly Gen<(int What, int Which, int Other)> Attempt = Gen.Select(Gen.Int[0, 15], Gen.Int[0, 8], Gen.Int[0, 3]);

    /// <param name="retractions">Whether entries are retracted.</param>
    /// <param name="redactions">Whether entries lose their words.</param>
    public static Gen<Book> Of(bool retractions = true, bool redactions = false) =>
        Gen.Select(Gen.Int[0, 7], Attempt.Array[0, 25])
            .Select(
                (start, attempts) =>
                {
                    var kind = (MilestoneKind)(start % 4);
                    var dated = kind != MilestoneKind.Question && start < 4;
                    var book = new Book(kind, dated ? "Q3 2026" : null, kind == MilestoneKind.Tally ? Counting : null);
                    foreach (var (what, which, other) in attempts)
                    {
                        Try(book, what, which, other, retractions, redactions);
                    }
                    return book;
                }
            );

    private static void Try(Book book, int what, int which, int other, bool retractions, bool redactions)
    {
        var on = Book.Day.PlusDays(other);
        Standing? standing = other == 3 ? null : (Standing)other;
        switch (what)
        {
            case 0 or 1:
                book.Write(new StatusChanged((Status)which, other == 0 ? "seen" : null), on, standing);
                break;
            case 2:
                book.Write(new Reopened("it was early"), on);
                break;
            case 3:
                book.Write(new Rescheduled(Book.Due(Phrases[other])), on);
                break;
            case 4:
                book.Write(new ProgressRecorded(which), on);
                break;
            case 5:
                var counted = book.Kind == MilestoneKind.Tally;
                var said = new EvidenceAdded(
                    (Stance)(which % 3),
                    counted ? Names[which] : null,
                    null,
                    counted ? (other == 1 ? "launch" : "renewal") : null,
                    false
                );
                book.Write(EvidenceOfNames.Read(book.Wording, said), on, standing);
                break;
            case 6:
                book.Write(new Looked(), on);
                break;
            case 7:
                book.Write(new Redefined(book.Wording with { Title = $"Title {which}" }), on);
                break;
            case 8:
                book.Write(new ReadingAdded(Book.Due(Phrases[other]), null, false), on);
                break;
            case 9 when book.State.Window?.Latest is { } latest:
                book.Say(EntryKind.WindowClosed, latest);
                break;
            case 10 or 11 when retractions:
                book.Retract(1 + ((which * 4 + other) % book.Entries.Count));
                break;
            case 12:
                book.Write(new Redefined(book.Wording with { QuietDays = which, ReminderDays = [other], ForecastPoints = 1 + which }), on);
                break;
            case 13:
                book.Write(new Forecasted([new ForecastPoint(on.PlusDays(which), 0.1m * (1 + other))]), on);
                break;
            case 14 when book.Kind == MilestoneKind.Tally:
                // who is in the baseline, and what counts, changes for what comes later
                book.Write(
                    new Redefined(
                        book.Wording with
                        {
                            Baseline = [Names[which]],
                            Relations = new Dictionary<string, bool>(StringComparer.Ordinal)
                            {
                                ["renewal"] = other > 0,
                                ["launch"] = other > 1,
                            },
                        }
                    ),
                    on
                );
                break;
            case 15 when redactions:
                Redact(book, 1 + ((which * 4 + other) % book.Entries.Count));
                break;
            default:
                break;
        }
    }

    private static void Redact(Book book, long position)
    {
        if (book.Entries[(int)position - 1].Body is not null)
        {
            book.Redact(position);
            book.Write(new Redacted(position, "a name"));
        }
    }
}
