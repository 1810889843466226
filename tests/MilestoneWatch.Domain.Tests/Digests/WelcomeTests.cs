using System.Globalization;
using MilestoneWatch.Domain.Digests;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Tests.Ledger;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Digests;

public sealed class WelcomeTests
{
    [Fact]
    public void It_gives_today_s_state_with_what_matters_first() =>
        Assert.Equal(
            """
            Welcome: 5 promises followed, next date 31 December
            Welcome. This is where what Acme promised stands today: five promises and one question.
            STILL UNSETTLED
            Les Ulis
            At risk, promised for "Q3 2026" (28 May): 1 July to 30 September 2026.
            The window ended 5 days ago; no opening is on record.
            Yet Acme says "one hall is lit" (28 May).
            Last looked 2 October: nothing new.
            DATES AHEAD
            200 MW
            Planned, promised for "by 2027" (28 May): until 31 December 2027.
            If it means before 2027 begins, it is due by 31 December 2026.
            So far: 40 MW reported (20%).
            Borlänge
            Planned, promised for "2028" (28 May): 1 January to 31 December 2028.
            Its date has moved once: 366 days later.
            OPEN QUESTIONS
            Does it arrive in time?
            NO DATE YET
            Second site
            Planned; no date was promised.
            SETTLED
            First site
            Achieved on 15 September.
            31 Dec 2026  200 MW, if "by 2027" means before 2027 begins
            31 Dec 2027  200 MW, if it means by the end of 2027
            From now on you will be told what changes since this mail, and nothing twice.
            Newest fact on record: 20 September 2026.
            """,
            A.Told(DigestWriter.Welcome(Watchlist("en")))
        );

    [Fact]
    public void It_gives_the_same_state_in_French() =>
        Assert.Equal(
            """
            Bienvenue : 5 promesses suivies, prochaine date le 31 décembre
            Bienvenue. Voici où en est aujourd’hui ce que Acme a promis : cinq promesses et une question.
            TOUJOURS EN SUSPENS
            Les Ulis
            À risque, promis pour « Q3 2026 » (28 mai) : du 1er juillet au 30 septembre 2026.
            L’échéance est passée depuis 5 jours ; rien n’est consigné à ce jour.
            Pourtant, Acme écrit « one hall is lit » (28 mai).
            Dernière vérification le 2 octobre : rien de nouveau.
            ÉCHÉANCES À VENIR
            200 MW
            Prévu, promis pour « by 2027 » (28 mai) : jusqu’au 31 décembre 2027.
            Si cela signifie avant le début de 2027, l’échéance est le 31 décembre 2026.
            À ce jour : 40 MW (rapporté, 20 %).
            Borlänge
            Prévu, promis pour « 2028 » (28 mai) : du 1er janvier au 31 décembre 2028.
            La date a changé une fois : 366 jours plus tard.
            QUESTIONS OUVERTES
            Does it arrive in time?
            ENCORE SANS DATE
            Second site
            Prévu ; aucune date n’a été promise.
            RÉGLÉ
            First site
            Réalisé le 15 septembre.
            31 déc. 2026  200 MW, si « by 2027 » signifie avant le début de 2027
            31 déc. 2027  200 MW, si cela signifie d’ici la fin de 2027
            Désormais, nous vous dirons ce qui change après ce message, sans rien répéter.
            Dernier fait consigné : 20 septembre 2026.
            """,
            A.Told(DigestWriter.Welcome(Watchlist("fr")))
        );

    [Theory]
    [InlineData("en", "15 more are on the site.")]
    [InlineData("fr", "15 autres sont sur le site.")]
    public void Of_forty_it_tells_the_first_twenty_five_and_how_many_more(string language, string more)
    {
        var view = DigestWriter.Welcome(A.Input(language, [.. Enumerable.Range(0, 40).Select(Year)]));

        Assert.Equal(25, view.Sections.Sum(section => section.Blocks.Count));
        Assert.Equal("Site 0", view.Sections[0].Blocks[0].Title);
        Assert.Equal(more, view.Closing[0].Replace('\u00a0', ' '));
        Assert.InRange(view.Subject.Length, 1, DigestWriter.SubjectLimit);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public void Ten_thousand_due_on_one_day_make_no_longer_mail(string language)
    {
        var view = DigestWriter.Welcome(A.Input(language, [.. Enumerable.Repeat(Year(1), 10_000)]));

        Assert.InRange(A.Told(view).Length, 1, 5_000);
        Assert.InRange(view.Subject.Length, 1, DigestWriter.SubjectLimit);
    }

    [Fact]
    public void Without_histories_it_says_less_and_nothing_wrong()
    {
        var input = Watchlist("en");
        var view = DigestWriter.Welcome(input with { Followed = [.. input.Followed.Select(delta => delta with { History = [] })] });

        Assert.Contains("At risk, promised for \"Q3 2026\": 1 July to 30 September 2026.", A.Told(view));
        Assert.Contains("So far: 40 MW on record (20%).", A.Told(view));
    }

    [Theory]
    [InlineData("en", "Welcome: 1 promise followed, 1 unsettled")]
    [InlineData("fr", "Bienvenue : 1 promesse suivie, 1 en suspens")]
    public void Without_a_date_ahead_the_subject_tells_what_is_unsettled(string language, string subject) =>
        Assert.Equal(subject, DigestWriter.Welcome(A.Input(language, A.Promise("Les Ulis", "Q3 2026"))).Subject);

    [Theory]
    [InlineData("en", "Welcome: 1 question followed")]
    [InlineData("fr", "Bienvenue : 1 question suivie")]
    public void Where_only_questions_are_followed_the_subject_counts_them(string language, string subject) =>
        Assert.Equal(subject, DigestWriter.Welcome(A.Input(language, Question())).Subject);

    [Theory]
    [InlineData("en", "Welcome: nothing on your watchlist yet")]
    [InlineData("fr", "Bienvenue : encore rien dans votre liste")]
    public void A_reader_of_a_topic_without_milestones_is_told_so(string language, string subject)
    {
        var view = DigestWriter.Welcome(A.Input(language));

        Assert.Equal(subject, view.Subject);
        Assert.Empty(view.Sections);
    }

    [Fact]
    public void What_may_be_due_and_what_has_reached_its_target_stand_among_the_unsettled()
    {
        var ambiguous = A.Promise("200 MW", "by Q4 2026");
        var reached = new Book(
            MilestoneKind.Quantity,
            null,
            new Definition
            {
                Title = "10 MW",
                Target = 10,
                Unit = "MW",
                Direction = Direction.AtLeast,
            }
        );
        reached.Write(new ProgressRecorded(12), standing: Standing.Confirmed);

        var section = Assert.Single(DigestWriter.Welcome(A.Input("en", reached, ambiguous)).Sections);

        Assert.Equal(["200 MW", "10 MW"], section.Blocks.Select(block => block.Title));
        Assert.Contains(
            "If \"by Q4 2026\" means by 30\u00a0September\u00a02026, it was due by 30\u00a0September; if it means by the end of 2026, it is not due yet. No opening is on record.",
            section.Blocks[0].Sentences
        );
        Assert.Contains(
            section.Blocks[1].Sentences,
            sentence => sentence.StartsWith("The number on record has reached", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("en", null, "No names count so far.")]
    [InlineData("en", 5, "No names count so far; it takes 5.")]
    [InlineData("fr", null, "Noms comptés à ce jour\u00a0: 0.")]
    [InlineData("fr", 5, "Noms comptés à ce jour\u00a0: 0\u00a0; il en faut 5.")]
    public void Of_a_tally_it_tells_how_many_names_count(string language, int? threshold, string told)
    {
        var definition = new Definition
        {
            Title = "Repeat adoption",
            Relations = new Dictionary<string, bool> { ["renewal"] = true },
            Threshold = threshold,
        };
        var view = DigestWriter.Welcome(A.Input(language, new Book(MilestoneKind.Tally, null, definition)));

        Assert.Contains(told, view.Sections[0].Blocks[0].Sentences);
    }

    private static Book Year(int i) =>
        A.Promise(string.Create(CultureInfo.InvariantCulture, $"Site {i}"), string.Create(CultureInfo.InvariantCulture, $"{2027 + i}"));

    private static Book Question() => new(MilestoneKind.Question, null, new Definition { Title = "Does it arrive in time?" });

    // not in the order in which it is to be told
    private static DigestInput Watchlist(string language)
    {
        var settled = A.Promise("First site", "Q3 2026");
        settled.Write(new StatusChanged(Status.Achieved, "seen"), new LocalDate(2026, 9, 15));
        var moved = A.Promise("Borlänge", "2027");
        moved.Move("2028");
        var power = new Book(
            MilestoneKind.Quantity,
            "by 2027",
            new Definition
            {
                Title = "200 MW",
                Target = 200,
                Unit = "MW",
                Direction = Direction.AtLeast,
            }
        );
        power.Write(new ProgressRecorded(40), standing: Standing.Reported);
        var passed = A.Promise("Les Ulis", "Q3 2026");
        passed.Write(new StatusChanged(Status.AtRisk));
        A.Quote(passed, "one hall is lit");
        passed.Write(new Looked(), new LocalDate(2026, 10, 2));
        return A.Input(language, settled, Question(), A.Promise("Second site", null), moved, power, passed);
    }
}
