using MilestoneWatch.Domain.Digests;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Digests;

public sealed class NothingChangedTests
{
    private static readonly LocalDate Previous = new(2026, 9, 7);

    [Fact]
    public void It_is_three_short_lines_with_what_waits_and_the_next_date() =>
        Assert.Equal(
            """
            Nothing changed since 7 September
            Nothing that you follow has changed since your mail of 7 September. Still unsettled: Les Ulis, due by 30 September. Next, on 31 December 2027: Borlänge, "2027".
            Newest fact on record: 20 September 2026.
            This mail comes after four weeks without news; you can turn it off in the settings.
            """,
            A.Told(DigestWriter.NothingChanged(Watchlist("en") with { PreviousMail = Previous }))
        );

    [Fact]
    public void It_says_the_same_in_French() =>
        Assert.Equal(
            """
            Rien n’a changé depuis le 7 septembre
            Rien de ce que vous suivez n’a changé depuis votre message du 7 septembre. Toujours en suspens : Les Ulis, échéance le 30 septembre. Prochaine échéance, le 31 décembre 2027 : Borlänge, « 2027 ».
            Dernier fait consigné : 20 septembre 2026.
            Ce message arrive après quatre semaines sans nouvelles ; vous pouvez le désactiver dans les réglages.
            """,
            A.Told(DigestWriter.NothingChanged(Watchlist("fr") with { PreviousMail = Previous }))
        );

    [Theory]
    [InlineData("en", "Nothing changed since you joined", "Nothing that you follow has changed since you joined. No date lies ahead.")]
    [InlineData(
        "fr",
        "Rien n’a changé depuis votre inscription",
        "Rien de ce que vous suivez n’a changé depuis votre inscription. Aucune date n’est à venir."
    )]
    public void Without_an_earlier_mail_and_without_dates_it_says_so(string language, string subject, string intro)
    {
        var view = DigestWriter.NothingChanged(A.Input(language, A.Promise("Second site", null)));

        Assert.Equal((subject, intro), (view.Subject, view.Intro));
    }

    [Theory]
    [InlineData(
        "en",
        "Still unsettled: Site, due by 30\u00a0September; Site, due by 30\u00a0September; Site, due by 30\u00a0September and 9,997 more."
    )]
    [InlineData("fr", "et 9\u202f997\u00a0autres.")]
    public void Of_many_unsettled_it_names_three(string language, string named)
    {
        var view = DigestWriter.NothingChanged(A.Input(language, [.. Enumerable.Repeat(A.Promise("Site", "Q3 2026"), 10_000)]));

        Assert.Contains(named, view.Intro);
        Assert.InRange(view.Intro!.Length, 1, 400);
    }

    private static DigestInput Watchlist(string language) =>
        A.Input(language, A.Promise("Les Ulis", "Q3 2026"), A.Promise("Borlänge", "2027"), A.Promise("Second site", null));
}
