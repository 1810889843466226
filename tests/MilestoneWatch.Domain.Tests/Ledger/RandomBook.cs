using CsCheck;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Domain.Tests.Ledger;

/// <summary>Books filled by random attempts, most of them valid; the numbers alone decide, so that a failure shrinks.</summary>
internal static class RandomBook
{
    private static readonly string[] Phrases = ["Q3 2026", "Q4 2026", "by 2027", "after 2026"];

    private static readonly Gen<(int What, int Which, int Other)> Attempt = Gen.Select(Gen.Int[0, 11], Gen.Int[0, 8], Gen.Int[0, 3]);

    public static Gen<Book> Of(bool retractions = true) =>
        Gen.Select(Gen.Int[0, 3], Attempt.Array[0, 25])
            .Select(
                (kind, attempts) =>
                {
                    var book = new Book((MilestoneKind)kind, kind == 3 ? null : "Q3 2026");
                    foreach (var (what, which, other) in attempts)
                    {
                        Try(book, what, which, other, retractions);
                    }
                    return book;
                }
            );

    private static void Try(Book book, int what, int which, int other, bool retractions)
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
                var name = $"NAME {which % 3}";
                book.Write(new EvidenceAdded((Stance)(which % 3), name, name, "renewal", other > 0), on, standing);
                break;
            case 6:
                book.Write(new Looked(), on);
                break;
            case 7:
                book.Write(new Redefined(new Definition { Title = $"Title {which}" }), on);
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
            default:
                break;
        }
    }
}
