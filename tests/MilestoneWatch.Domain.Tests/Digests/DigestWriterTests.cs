using CsCheck;
using MilestoneWatch.Domain.Digests;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Languages;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Tests.Ledger;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Digests;

public sealed class DigestWriterTests
{
    [Fact]
    public void Any_history_can_be_written_in_every_language_with_a_subject_that_fits() =>
        RandomBook
            .Of()
            .Select(Gen.Int[0, 30], Gen.Int[0, 900], Gen.Bool)
            .Sample(
                (book, pick, days, immediate) =>
                {
                    var delta = Delta.Of(A.Followed(book).Milestone, book.Entries, pick % (book.Head + 1));
                    foreach (var code in Language.Codes)
                    {
                        var input = A.Input(code, book) with
                        {
                            Immediate = immediate,
                            Now = A.Now + Duration.FromDays(days),
                            Changed = [delta],
                        };
                        DigestView?[] views =
                        [
                            delta.IsEmpty ? null : DigestWriter.Write(input),
                            DigestWriter.Welcome(input),
                            DigestWriter.NothingChanged(input),
                        ];
                        foreach (var view in views.OfType<DigestView>())
                        {
                            Assert.InRange(view.Subject.Length, 1, DigestWriter.SubjectLimit);
                            Assert.DoesNotContain('{', A.Told(view));
                        }
                    }
                },
                iter: 2_000
            );

    [Theory]
    [InlineData(
        "en",
        "site: the record was put right",
        "On record now: planned, promised for \"Q3 2026\" (1 July to 30 September 2026).",
        "No number is on record any more."
    )]
    [InlineData(
        "fr",
        "site : nos données ont été rectifiées",
        "Aujourd’hui consigné : prévu, promis pour « Q3 2026 » (du 1er juillet au 30 septembre 2026).",
        "Plus aucun chiffre n’est consigné."
    )]
    public void What_was_withdrawn_before_it_was_told_is_put_right(string language, string subject, string now, string number)
    {
        var book = new Book(
            MilestoneKind.Quantity,
            "Q3 2026",
            new Definition
            {
                Title = "site",
                Target = 200,
                Unit = "MW",
                Direction = Direction.AtLeast,
            }
        );
        var reading = book.Write(new ProgressRecorded(40), standing: Standing.Reported)!.Value;
        book.Retract(reading);
        var followed = A.Followed(book);
        var delta = Delta.Of(followed.Milestone, book.Entries, reading, _ => false);

        var view = DigestWriter.Write(A.Input(language, book) with { Changed = [delta] });

        Assert.Equal(subject, view.Subject);
        Assert.Equal([now, number], view.Sections[0].Blocks[0].Sentences.Select(sentence => sentence.Replace('\u00a0', ' ')));
    }

    [Theory]
    [InlineData("en", "…")]
    [InlineData("fr", "…")]
    public void A_name_too_long_for_a_subject_is_cut_at_a_word(string language, string end)
    {
        var book = A.Promise(string.Join(' ', Enumerable.Repeat("Bruyères", 20)), "Q3 2026");
        book.Move("Q4 2026");
        var delta = Delta.Of(A.Followed(book).Milestone, book.Entries, 1);

        var subject = DigestWriter.Write(A.Input(language, book) with { Changed = [delta] }).Subject;

        Assert.InRange(subject.Length, 40, DigestWriter.SubjectLimit);
        Assert.EndsWith("Bruyères" + end, subject);
    }
}
