using System.Text;
using MilestoneWatch.Domain.Languages;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Languages;

public sealed class LanguageTests
{
    private static readonly Language French = Language.Of("fr");

    [Fact]
    public void An_unknown_language_is_English() => Assert.Same(Language.English, Language.Of("tlh"));

    [Fact]
    public void A_missing_text_falls_back_to_English_and_counts_as_English_does()
    {
        var thin = Thin("""{ "plural.one": [0, 1], "text.nothing": "niente" }""");

        Assert.Equal(("niente", "on record"), (thin.Say("text.nothing"), thin.Say("text.on_record")));
        Assert.Equal("0\u00a0days later", thin.Count("text.later", 0));
        Assert.Equal("30\u00a0September", thin.Day(new LocalDate(2026, 9, 30)));
    }

    [Fact]
    public void A_text_that_not_even_English_has_throws() => Assert.Throws<KeyNotFoundException>(() => French.Say("text.none_such"));

    [Fact]
    public void A_value_that_a_text_needs_and_does_not_get_throws() => Assert.Throws<KeyNotFoundException>(() => French.Say("text.aside"));

    [Fact]
    public void Each_language_decides_which_value_begins_with_a_capital()
    {
        var thin = Thin("""{ "text.aside": "{What} ({aside})" }""");

        Assert.Equal("Écart (non)", thin.Say("text.aside", ("what", "écart"), ("aside", "non")));
    }

    [Theory]
    [InlineData("en", 0, "0\u00a0days later")]
    [InlineData("en", 1, "1\u00a0day later")]
    [InlineData("en", 1200, "1,200\u00a0days later")]
    [InlineData("fr", 0, "0\u00a0jour plus tard")]
    [InlineData("fr", 1, "1\u00a0jour plus tard")]
    [InlineData("fr", 2, "2\u00a0jours plus tard")]
    [InlineData("fr", 1200, "1\u202f200\u00a0jours plus tard")]
    public void A_count_takes_its_language_s_form(string code, int days, string text) =>
        Assert.Equal(text, Language.Of(code).Count("text.later", days));

    [Fact]
    public void Numbers_are_written_as_each_language_does()
    {
        Assert.Equal("1,234,567.25", Language.English.Number(1_234_567.25m));
        Assert.Equal("1\u202f234\u202f567,25", French.Number(1_234_567.25m));
        Assert.Equal(("20%", "62.5%", "0.1%"), Percents(Language.English));
        Assert.Equal(("20\u00a0%", "62,5\u00a0%", "0,1\u00a0%"), Percents(French));
        Assert.Equal(("no", "ten", "11"), (Language.English.InWords(0), Language.English.InWords(10), Language.English.InWords(11)));
    }

    [Fact]
    public void Dates_are_written_as_each_language_does()
    {
        var first = new LocalDate(2026, 10, 1);

        Assert.Equal("1\u00a0October\u00a02026", Language.English.FullDay(first));
        Assert.Equal("1er\u00a0octobre\u00a02026", French.FullDay(first));
        Assert.Equal(
            ("1er\u00a0octobre", "1er\u00a0oct.", "1er\u00a0oct.\u00a02026"),
            (French.Day(first), French.BriefDay(first), French.BriefFullDay(first))
        );
        Assert.Equal(("Monday", "lundi"), (Language.English.Weekday(IsoDayOfWeek.Monday), French.Weekday(IsoDayOfWeek.Monday)));
        Assert.Equal(("Sunday", "dimanche"), (Language.English.Weekday(IsoDayOfWeek.Sunday), French.Weekday(IsoDayOfWeek.Sunday)));
        Assert.Equal("08:05", French.Time(new LocalTime(8, 5)));
    }

    [Fact]
    public void Quotations_stand_in_the_language_s_marks() =>
        Assert.Equal(("\"Q3\"", "«\u00a0Q3\u00a0»"), (Language.English.Quoted("Q3"), French.Quoted("Q3")));

    [Fact]
    public void Things_in_a_row_are_joined_by_the_language_s_signs()
    {
        Assert.Equal("a; b; c", Language.English.Join("text.semicolon", ["a", "b", "c"]));
        Assert.Equal("a\u00a0; b", French.Join("text.semicolon", ["a", "b"]));
        Assert.Equal("", French.Join("text.semicolon", []));
    }

    private static (string, string, string) Percents(Language language) =>
        (language.Percent(0.2m), language.Percent(0.625m), language.Percent(0.001m));

    private static Language Thin(string json) => Language.Read("it", new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
