using MilestoneWatch.Domain.Windows;

namespace MilestoneWatch.Domain.Tests.Windows;

public sealed class RefusalTests
{
    [Theory]
    [InlineData("Q5 2026", 0, "Q4 2026")]
    [InlineData("planned for Q5 2026", 12, "planned for Q4 2026")]
    [InlineData("5Q26", 0, "4Q26")]
    [InlineData("H3 2026", 0, "H2 2026")]
    [InlineData("third half of 2026", 0, "H2 of 2026")]
    [InlineData("2026-13", 5, "2026-12")]
    [InlineData("2026-00", 5, "2026-01")]
    [InlineData("2026-27", 5, "2026-2027")]
    [InlineData("2027-W53", 6, "2027-W52")]
    [InlineData("31 September 2026", 0, "30 September 2026")]
    [InlineData("February 29, 2027", 9, "February 28, 2027")]
    [InlineData("2026-09-31", 8, "2026-09-30")]
    [InlineData("between 2027 and 2026", 8, "between 2026 and 2027")]
    [InlineData("between 20 and 15 September 2026", 8, "between 15 September 2026 and 20")]
    [InlineData("between 2027", 8, "between 2027 and 2027")]
    [InlineData("15/09/2026", 0, "15 September 2026")]
    [InlineData("09.15.2026", 2, "15 September 2026")]
    [InlineData("20260915", 0, "2026-09-15")]
    [InlineData("Sep-26", 4, "Sep-2026")]
    [InlineData("27", 0, "2027")]
    [InlineData("mid", 0, "mid 2026")]
    [InlineData("beginning 2027", 0, "beginning of 2027")]
    [InlineData("by 1492", 3, "by 1584")]
    [InlineData("9999", 0, "9997")]
    [InlineData("Setpember 2026", 0, "September 2026")]
    [InlineData("Q3 2026 maybe", 8, "Q3 2026")]
    [InlineData("certainly by Q3 2026", 0, "by Q3 2026")]
    [InlineData("planned for 2006/07", 16, "planned for 2006-07")]
    [InlineData("in 18 months", 0, "within 18 months")]
    [InlineData("Monday, 15 September 2026", 0, "15 September 2026")]
    [InlineData("31 September", 0, "30 September")]
    [InlineData("2027s", 0, "2020s")]
    [InlineData("last half of", 10, "last half")]
    [InlineData("second or third", 10, "TBD")]
    [InlineData("next Friday", 0, "Friday")]
    [InlineData("soon", 0, "TBD")]
    [InlineData("as soon as possible", 11, "TBD")]
    [InlineData("in the coming weeks", 14, "TBD")]
    [InlineData("within a few weeks", 9, "TBD")]
    [InlineData("no plans", 0, "TBD")]
    [InlineData("15:56 EDT on 15 June 2026", 6, "15:56 on 15 June 2026")]
    [InlineData("NET 2026 at the latest", 16, "NET 2026 at the")]
    [InlineData("confirmed", 0, "TBD")]
    [InlineData("early 15 September 2026", 0, "15 September 2026")]
    [InlineData("not in 2026", 0, "in 2026")]
    [InlineData("soonish", 0, "TBD")]
    [InlineData("", 0, "TBD")]
    [InlineData("Q3 2026\0", 7, "Q3 2026")]
    [InlineData("Q3\t2026", 2, "Q3 2026")]
    [InlineData("Q3 \ud800 2026", 3, "Q3 2026")]
    [InlineData("Q3 2026 \ud83d\ude80", 8, "Q3 2026")]
    public void A_refusal_names_the_place_and_the_nearest_phrase(string phrase, int position, string nearest)
    {
        var error = Read.Refusal(phrase);

        Assert.Equal((position, nearest), (error.Position, error.Nearest));
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void A_phrase_of_200_characters_is_read() => Assert.NotNull(Read.Phrase("Q3 2026".PadRight(200)));

    [Fact]
    public void A_longer_phrase_is_refused_where_it_becomes_too_long()
    {
        var error = Read.Refusal("Q3 2026".PadRight(201));

        Assert.Equal((200, "Q3 2026"), (error.Position, error.Nearest));
    }

    [Theory]
    [InlineData("1582")]
    [InlineData("before 1583")]
    [InlineData("by 1583")]
    [InlineData("9999")]
    [InlineData("after 9998")]
    [InlineData("winter 9998")]
    [InlineData("within 8000 years")]
    [InlineData("within 99999999999 days")]
    public void A_window_beyond_the_calendar_is_refused(string phrase) => Assert.NotNull(Read.Refusal(phrase));

    [Theory]
    [InlineData("1583")]
    [InlineData("9998")]
    [InlineData("before 1584")]
    [InlineData("within 7972 years")]
    public void The_calendars_own_ends_are_read(string phrase) => Assert.NotNull(Read.Phrase(phrase));

    [Fact]
    public void On_the_last_day_nothing_is_left_of_later_this_year()
    {
        var error = Read.Refusal("later this year", new(2026, 12, 31));

        Assert.Equal((0, "next year"), (error.Position, error.Nearest));
    }

    [Theory]
    [InlineData("next year")]
    [InlineData("within 2 days")]
    [InlineData("next week")]
    [InlineData("this week")]
    [InlineData("later this year")]
    [InlineData("Q3")]
    public void A_promise_made_at_the_end_of_the_calendar_is_refused_and_does_not_throw(string phrase) =>
        Assert.NotNull(Read.Refusal(phrase, new(9999, 12, 31)));

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    public void A_fiscal_year_starts_in_a_month(int month) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PhraseReader.TryRead("FY27", Read.SummitDay, month, out _, out _));
}
