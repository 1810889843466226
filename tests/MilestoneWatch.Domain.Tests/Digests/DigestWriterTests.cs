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

    [Theory]
    [InlineData(
        EntryKind.WindowOpened,
        "2026-09-01",
        "La période « by 2027 » a commencé le 1er septembre et s’achève le 31 décembre 2027.",
        "site : la période « by 2027 » a commencé"
    )]
    [InlineData(
        EntryKind.DueSoon,
        "2026-10-01",
        "Promis pour « by 2027 » ; l’échéance était le 1er octobre.",
        "site : échéance « by 2027 » passée"
    )]
    [InlineData(
        EntryKind.DueSoon,
        "2026-10-05",
        "Échéance aujourd’hui : promis pour « by 2027 », dont c’est le dernier jour.",
        "site : échéance « by 2027 » aujourd’hui"
    )]
    [InlineData(
        EntryKind.DueSoon,
        "2026-10-06",
        "Échéance demain : promis pour « by 2027 », au plus tard le 6 octobre.",
        "site : échéance « by 2027 » demain"
    )]
    [InlineData(
        EntryKind.DueSoon,
        "2026-10-12",
        "Échéance dans 7 jours : promis pour « by 2027 », au plus tard le 12 octobre.",
        "site : échéance « by 2027 » dans 7 jours"
    )]
    [InlineData(
        EntryKind.MayBeDue,
        "2026-12-31",
        "Si « by 2027 » signifie avant le début de 2027, l’échéance était le 31 décembre ; si cela signifie d’ici la fin de 2027, elle n’est pas encore atteinte. Rien n’est consigné à ce jour.",
        "site : échéance « by 2027 » peut-être atteinte"
    )]
    [InlineData(
        EntryKind.TargetReached,
        "2026-10-05",
        "Le chiffre consigné a atteint l’objectif ; c’est à un analyste de dire si la promesse est tenue.",
        "site : objectif atteint d’après nos relevés"
    )]
    public void What_the_calendar_said_is_told_in_French(EntryKind said, string on, string sentence, string subject)
    {
        var book = A.Promise("site", "by 2027");
        var day = NodaTime.Text.LocalDatePattern.Iso.Parse(on).Value;
        book.Say(said, day, 7);
        var delta = A.Followed(book) with { Clock = [book.Entries[^1]] };

        Is(sentence, subject, delta, book);
    }

    [Fact]
    public void What_was_recorded_is_told_in_French()
    {
        var source = new Citation(1, "w.media", null, null, null);
        var tally = new Definition
        {
            Title = "site",
            Relations = new Dictionary<string, bool> { ["renewal"] = true },
            Threshold = 2,
        };
        Tells(new ProgressRecorded(1234.5m), "1 234,5 (consigné), w.media, 29 mai. Vu sur place.", "site : 1 234,5 (consigné)");
        Tells(
            new ReadingAdded(Book.Due("Q4 2026"), "full operation", true),
            "w.media donne la date ainsi, en contradiction avec la promesse : « Q4 2026 » (full operation). Vu sur place.",
            "site : date aussi donnée comme « Q4 2026 »"
        );
        Tells(
            new EvidenceAdded(Stance.Supports, "Airbus", "AIRBUS", "five_year_deal", false),
            "Airbus, five year deal (w.media, 29 mai). Cela ne compte pas. Vu sur place.",
            "site : nouvel élément, Airbus"
        );
        Tells(
            new EvidenceAdded(Stance.Supports, null, null, null, false),
            "Nouvel élément : w.media, sans citation (29 mai). Vu sur place.",
            "site : nouvel élément"
        );
        Tells(new Redefined(tally with { Threshold = 5 }), "Cinq noms suffisent désormais. Vu sur place.", "site : reformulé", tally);
        Tells(
            new Redefined(tally with { Target = 300, Unit = "MW" }),
            "L’objectif est désormais de 300 MW ; il était de 200 MW. Vu sur place.",
            "site : reformulé",
            tally with
            {
                Target = 200,
                Unit = "MW",
            }
        );
        Tells(
            new Forecasted([
                .. Enumerable
                    .Range(1, 5)
                    .Select(month => new Domain.Forecasts.ForecastPoint(new LocalDate(2026, month, 1), 0.125m * month)),
            ]),
            "Prévision (un analyste) : 12,5 % d’ici au 1er janvier, 25 % d’ici au 1er février, 37,5 % d’ici au 1er mars, et 2 autres dates plus tard. Vu sur place.",
            "site : nouvelle prévision"
        );
        Tells(
            new ForecastShifted(new LocalDate(2026, 12, 31), 0.5m, 0.655m, 2),
            "La probabilité que cela arrive d’ici au 31 décembre est passée de 50 % à 66 % (2 analystes). Vu sur place.",
            "site : la prévision passe de 50 % à 66 %"
        );

        void Tells(Change change, string sentence, string subject, Definition? was = null)
        {
            var book = A.Promise("site", null);
            var entry = book.Entries[0] with
            {
                Position = 2,
                Kind = change.Kind,
                HappenedOn = new LocalDate(2026, 5, 29),
                Body = new EntryBody(change) { Source = source, Note = "vu sur place" },
            };
            var followed = A.Followed(book);
            var milestone = followed.Milestone with { State = followed.Milestone.State with { DefinitionPosition = entry.Position } };
            Is(sentence, subject, followed with { Milestone = milestone, Others = [entry], WordingBefore = was ?? book.Definition }, book);
        }
    }

    private static void Is(string sentence, string subject, MilestoneDelta delta, Book book)
    {
        var view = DigestWriter.Write(A.Input("fr", book) with { Changed = [delta] });

        Assert.Equal(subject, view.Subject);
        Assert.Equal(sentence, view.Sections[0].Blocks[0].Sentences[0].Replace('\u00a0', ' ').Replace('\u202f', ' '));
    }
}
