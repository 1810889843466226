using MilestoneWatch.Domain.Windows;

namespace MilestoneWatch.Domain.Tests.Windows;

/// <summary>Every cell of DESIGN.md's table of phrases. Promised on 28 May 2026.</summary>
public sealed class PhraseTableTests
{
    [Theory]
    [InlineData("2026-09-15", "2026-09-15 2026-09-15", Precision.Day)]
    [InlineData("15 September 2026", "2026-09-15 2026-09-15", Precision.Day)]
    [InlineData("Sept 15, 2026", "2026-09-15 2026-09-15", Precision.Day)]
    [InlineData("Sept. 15th, 2026", "2026-09-15 2026-09-15", Precision.Day)]
    [InlineData("the 15th of September, 2026", "2026-09-15 2026-09-15", Precision.Day)]
    [InlineData("15-SEP-26", "2026-09-15 2026-09-15", Precision.Day)]
    [InlineData("2026-Sep-15", "2026-09-15 2026-09-15", Precision.Day)]
    [InlineData("2026/09/15", "2026-09-15 2026-09-15", Precision.Day)]
    [InlineData("2:57 p.m. 15 September 2026", "2026-09-15 2026-09-15", Precision.Day)]
    [InlineData("week commencing 14 September 2026", "2026-09-14 2026-09-20", Precision.Week)]
    [InlineData("2025/10", "2025-10-01 2025-10-31", Precision.Month)]
    [InlineData("08-2026", "2026-08-01 2026-08-31", Precision.Month)]
    [InlineData("December quarter of 2026", "2026-10-01 2026-12-31", Precision.Quarter)]
    [InlineData("third calendar quarter 2026", "2026-07-01 2026-09-30", Precision.Quarter)]
    [InlineData("2HCY26", "2026-07-01 2026-12-31", Precision.Half)]
    [InlineData("CY2026", "2026-01-01 2026-12-31", Precision.Year)]
    [InlineData("back half of 2026", "2026-07-01 2026-12-31", Precision.Half)]
    [InlineData("29 February 2028", "2028-02-29 2028-02-29", Precision.Day)]
    [InlineData("2026-W38", "2026-09-14 2026-09-20", Precision.Week)]
    [InlineData("2026W38", "2026-09-14 2026-09-20", Precision.Week)]
    [InlineData("week 38 of 2026", "2026-09-14 2026-09-20", Precision.Week)]
    [InlineData("week of 14 September 2026", "2026-09-14 2026-09-20", Precision.Week)]
    [InlineData("week of 20 September 2026", "2026-09-14 2026-09-20", Precision.Week)]
    [InlineData("2026-W53", "2026-12-28 2027-01-03", Precision.Week)]
    [InlineData("2026-W01", "2025-12-29 2026-01-04", Precision.Week)]
    [InlineData("September 2026", "2026-09-01 2026-09-30", Precision.Month)]
    [InlineData("Sep 2026", "2026-09-01 2026-09-30", Precision.Month)]
    [InlineData("Sept. '26", "2026-09-01 2026-09-30", Precision.Month)]
    [InlineData("2026-09", "2026-09-01 2026-09-30", Precision.Month)]
    [InlineData("May 2026", "2026-05-01 2026-05-31", Precision.Month)]
    [InlineData("Q3 2026", "2026-07-01 2026-09-30", Precision.Quarter)]
    [InlineData("q3-2026", "2026-07-01 2026-09-30", Precision.Quarter)]
    [InlineData("Q3 '26", "2026-07-01 2026-09-30", Precision.Quarter)]
    [InlineData("2026 Q3", "2026-07-01 2026-09-30", Precision.Quarter)]
    [InlineData("2026-Q3", "2026-07-01 2026-09-30", Precision.Quarter)]
    [InlineData("3Q26", "2026-07-01 2026-09-30", Precision.Quarter)]
    [InlineData("3Q 2026", "2026-07-01 2026-09-30", Precision.Quarter)]
    [InlineData("third quarter of 2026", "2026-07-01 2026-09-30", Precision.Quarter)]
    [InlineData("the third-quarter, 2026", "2026-07-01 2026-09-30", Precision.Quarter)]
    [InlineData("3rd quarter 2026", "2026-07-01 2026-09-30", Precision.Quarter)]
    [InlineData("last quarter of 2026", "2026-10-01 2026-12-31", Precision.Quarter)]
    [InlineData("H2 2026", "2026-07-01 2026-12-31", Precision.Half)]
    [InlineData("2H26", "2026-07-01 2026-12-31", Precision.Half)]
    [InlineData("2026-H1", "2026-01-01 2026-06-30", Precision.Half)]
    [InlineData("second half of 2026", "2026-07-01 2026-12-31", Precision.Half)]
    [InlineData("2027", "2027-01-01 2027-12-31", Precision.Year)]
    [InlineData("in 2027", "2027-01-01 2027-12-31", Precision.Year)]
    [InlineData("during 2027", "2027-01-01 2027-12-31", Precision.Year)]
    [InlineData("sometime in 2027", "2027-01-01 2027-12-31", Precision.Year)]
    [InlineData("spring 2026", "2026-03-01 2026-05-31", Precision.Season)]
    [InlineData("summer of 2026", "2026-06-01 2026-08-31", Precision.Season)]
    [InlineData("autumn 2026", "2026-09-01 2026-11-30", Precision.Season)]
    [InlineData("Fall 2026", "2026-09-01 2026-11-30", Precision.Season)]
    [InlineData("winter 2026-27", "2026-12-01 2027-02-28", Precision.Season)]
    [InlineData("winter 2027/2028", "2027-12-01 2028-02-29", Precision.Season)]
    public void A_period_has_all_its_days(string phrase, string bounds, Precision precision) => IsPlainly(phrase, bounds, precision);

    [Theory]
    [InlineData("early 2027", "2027-01-01 2027-04-30")]
    [InlineData("start of 2027", "2027-01-01 2027-04-30")]
    [InlineData("the beginning of 2027", "2027-01-01 2027-04-30")]
    [InlineData("early in 2027", "2027-01-01 2027-04-30")]
    [InlineData("mid 2027", "2027-05-01 2027-08-31")]
    [InlineData("mid-2027", "2027-05-01 2027-08-31")]
    [InlineData("middle of 2027", "2027-05-01 2027-08-31")]
    [InlineData("late 2027", "2027-09-01 2027-12-31")]
    [InlineData("end of 2027", "2027-09-01 2027-12-31")]
    [InlineData("early H2 2026", "2026-07-01 2026-08-31")]
    [InlineData("mid-H2 2026", "2026-09-01 2026-10-31")]
    [InlineData("late H2 2026", "2026-11-01 2026-12-31")]
    [InlineData("early Q3 2026", "2026-07-01 2026-07-31")]
    [InlineData("mid Q3 2026", "2026-08-01 2026-08-31")]
    [InlineData("late Q3 2026", "2026-09-01 2026-09-30")]
    [InlineData("early September 2026", "2026-09-01 2026-09-10")]
    [InlineData("mid-September 2026", "2026-09-11 2026-09-20")]
    [InlineData("late February 2028", "2028-02-21 2028-02-29")]
    [InlineData("late summer 2026", "2026-08-01 2026-08-31")]
    [InlineData("early next year", "2027-01-01 2027-04-30")]
    [InlineData("the end of the year", "2026-09-01 2026-12-31")]
    public void A_part_is_a_third(string phrase, string bounds) => IsPlainly(phrase, bounds, Precision.Third);

    [Theory]
    [InlineData("by end of 2027", "- 2027-12-31", Precision.Day)]
    [InlineData("by the end of the year", "- 2026-12-31", Precision.Day)]
    [InlineData("by year-end", "- 2026-12-31", Precision.Day)]
    [InlineData("by year's end 2027", "- 2027-12-31", Precision.Day)]
    [InlineData("by end-2027", "- 2027-12-31", Precision.Day)]
    [InlineData("by the end of week 38 of 2026", "- 2026-09-20", Precision.Day)]
    [InlineData("by the end of next quarter", "- 2026-09-30", Precision.Day)]
    [InlineData("by late 2027", "- 2027-12-31", Precision.Third)]
    [InlineData("by 15 September 2026", "- 2026-09-15", Precision.Day)]
    [InlineData("before the end of June 2026", "- 2026-06-30", Precision.Day)]
    [InlineData("no later than Q3 2026", "- 2026-09-30", Precision.Quarter)]
    [InlineData("not later than Q3 2026", "- 2026-09-30", Precision.Quarter)]
    [InlineData("until Q3 2026", "- 2026-09-30", Precision.Quarter)]
    [InlineData("on or before 15 September 2026", "- 2026-09-15", Precision.Day)]
    [InlineData("before 2027", "- 2026-12-31", Precision.Year)]
    [InlineData("before the summer", "- 2026-05-31", Precision.Season)]
    [InlineData("before May", "- 2027-04-30", Precision.Month)]
    [InlineData("before mid-2027", "- 2027-04-30", Precision.Third)]
    [InlineData("after Q1 2027", "2027-04-01 -", Precision.Quarter)]
    [InlineData("after 31 December 2026", "2027-01-01 -", Precision.Day)]
    [InlineData("from September 2026", "2026-09-01 -", Precision.Month)]
    [InlineData("no earlier than 2027", "2027-01-01 -", Precision.Year)]
    [InlineData("no sooner than 2027", "2027-01-01 -", Precision.Year)]
    [InlineData("not before 2027", "2027-01-01 -", Precision.Year)]
    [InlineData("not expected before 2027", "2027-01-01 -", Precision.Year)]
    [InlineData("NET September 2026", "2026-09-01 -", Precision.Month)]
    [InlineData("Q3 2026 at the latest", "- 2026-09-30", Precision.Quarter)]
    [InlineData("by Q3 2026 at the latest", "- 2026-09-30", Precision.Quarter)]
    [InlineData("at the latest by Q3 2026", "- 2026-09-30", Precision.Quarter)]
    [InlineData("as late as 2028", "- 2028-12-31", Precision.Year)]
    [InlineData("as early as Q2 2027", "2027-04-01 -", Precision.Quarter)]
    [InlineData("as soon as late this year", "2026-09-01 -", Precision.Third)]
    [InlineData("H2 2026 at the earliest", "2026-07-01 -", Precision.Half)]
    [InlineData("Q3 2026 or later", "2026-07-01 -", Precision.Quarter)]
    [InlineData("2027 or earlier", "- 2027-12-31", Precision.Year)]
    [InlineData("7 February onwards", "2027-02-07 -", Precision.Day)]
    [InlineData("won't open until 2027", "2027-01-01 -", Precision.Year)]
    [InlineData("from late 2026 or early 2027", "2026-09-01 -", Precision.Range)]
    [InlineData("by YE2026", "- 2026-12-31", Precision.Day)]
    [InlineData("by the close of 2026", "- 2026-12-31", Precision.Day)]
    public void A_bound_leaves_the_other_side_open(string phrase, string bounds, Precision precision) =>
        IsPlainly(phrase, bounds, precision);

    [Theory]
    [InlineData("between March and May 2027", "2027-03-01 2027-05-31")]
    [InlineData("March to May 2027", "2027-03-01 2027-05-31")]
    [InlineData("from March to May 2027", "2027-03-01 2027-05-31")]
    [InlineData("March – May 2027", "2027-03-01 2027-05-31")]
    [InlineData("Q3–Q4 2026", "2026-07-01 2026-12-31")]
    [InlineData("3Q-4Q 2026", "2026-07-01 2026-12-31")]
    [InlineData("2026-2027", "2026-01-01 2027-12-31")]
    [InlineData("between November and February 2027", "2026-11-01 2027-02-28")]
    [InlineData("Q4 2026 to Q1", "2026-10-01 2027-03-31")]
    [InlineData("15-20 September 2026", "2026-09-15 2026-09-20")]
    [InlineData("September 15–20, 2026", "2026-09-15 2026-09-20")]
    [InlineData("15 September – 10 October 2026", "2026-09-15 2026-10-10")]
    [InlineData("between Sept 15 and Oct 3, 2026", "2026-09-15 2026-10-03")]
    [InlineData("2026-09-15 to 2026-10-03", "2026-09-15 2026-10-03")]
    [InlineData("mid-to-late 2027", "2027-05-01 2027-12-31")]
    [InlineData("late 2026 to early 2027", "2026-09-01 2027-04-30")]
    [InlineData("late 2026 or early 2027", "2026-09-01 2027-04-30")]
    [InlineData("Q3/Q4 2026", "2026-07-01 2026-12-31")]
    [InlineData("Q3 or Q4 2026", "2026-07-01 2026-12-31")]
    [InlineData("September & October 2026", "2026-09-01 2026-10-31")]
    [InlineData("November to February", "2026-11-01 2027-02-28")]
    [InlineData("2026 to September", "2026-01-01 2026-09-30")]
    [InlineData("the second or third quarter of 2026", "2026-04-01 2026-09-30")]
    [InlineData("the end of the first or second quarter of 2027", "2027-03-01 2027-06-30")]
    [InlineData("the first half of November", "2026-11-01 2026-11-15")]
    [InlineData("the second half of February 2028", "2028-02-16 2028-02-29")]
    [InlineData("the second week of December", "2026-12-08 2026-12-14")]
    [InlineData("the last week of February 2027", "2027-02-22 2027-02-28")]
    [InlineData("the 2030s", "2030-01-01 2039-12-31")]
    [InlineData("first half of the 2030s", "2030-01-01 2034-12-31")]
    [InlineData("later in 2026", "2026-05-29 2026-12-31")]
    [InlineData("later in 2027", "2027-01-01 2027-12-31")]
    [InlineData("later this year or early next", "2026-05-29 2027-04-30")]
    public void A_range_goes_from_the_first_of_one_to_the_last_of_the_other(string phrase, string bounds) =>
        IsPlainly(phrase, bounds, Precision.Range);

    [Theory]
    [InlineData("around September 2026")]
    [InlineData("about September 2026")]
    [InlineData("circa September 2026")]
    [InlineData("c. September 2026")]
    [InlineData("~September 2026")]
    [InlineData("September 2026 (approx.)")]
    [InlineData("expected around September 2026")]
    public void About_is_the_period_marked_approximate(string phrase)
    {
        var window = Read.Phrase(phrase);

        Assert.Equal("2026-09-01 2026-09-30", Read.Bounds(window));
        Assert.True(window.Approximate);
    }

    [Theory]
    [InlineData("within 18 months", "2026-05-28 2027-11-28")]
    [InlineData("within the next 18 months", "2026-05-28 2027-11-28")]
    [InlineData("within 6 weeks of 2026-05-01", "2026-05-01 2026-06-12")]
    [InlineData("within a year", "2026-05-28 2027-05-28")]
    [InlineData("within two quarters", "2026-05-28 2026-11-28")]
    [InlineData("within 90 days", "2026-05-28 2026-08-26")]
    public void A_span_counts_from_the_promise_or_the_day_named(string phrase, string bounds) => IsPlainly(phrase, bounds, Precision.Span);

    [Theory]
    [InlineData("this month", "2026-05-01 2026-05-31", Precision.Month)]
    [InlineData("next month", "2026-06-01 2026-06-30", Precision.Month)]
    [InlineData("this quarter", "2026-04-01 2026-06-30", Precision.Quarter)]
    [InlineData("next quarter", "2026-07-01 2026-09-30", Precision.Quarter)]
    [InlineData("this half", "2026-01-01 2026-06-30", Precision.Half)]
    [InlineData("next half", "2026-07-01 2026-12-31", Precision.Half)]
    [InlineData("this year", "2026-01-01 2026-12-31", Precision.Year)]
    [InlineData("next year", "2027-01-01 2027-12-31", Precision.Year)]
    [InlineData("Q1 of next year", "2027-01-01 2027-03-31", Precision.Quarter)]
    [InlineData("later this year", "2026-05-29 2026-12-31", Precision.Range)]
    [InlineData("Q3", "2026-07-01 2026-09-30", Precision.Quarter)]
    [InlineData("in Q1", "2027-01-01 2027-03-31", Precision.Quarter)]
    [InlineData("in May", "2026-05-01 2026-05-31", Precision.Month)]
    [InlineData("in April", "2027-04-01 2027-04-30", Precision.Month)]
    [InlineData("28 May", "2026-05-28 2026-05-28", Precision.Day)]
    [InlineData("27 May", "2027-05-27 2027-05-27", Precision.Day)]
    [InlineData("29 February", "2028-02-29 2028-02-29", Precision.Day)]
    [InlineData("Sept 26", "2026-09-26 2026-09-26", Precision.Day)]
    [InlineData("next spring", "2027-03-01 2027-05-31", Precision.Season)]
    [InlineData("this winter", "2026-12-01 2027-02-28", Precision.Season)]
    [InlineData("Christmas", "2026-12-25 2026-12-25", Precision.Day)]
    [InlineData("the new year", "2027-01-01 2027-12-31", Precision.Year)]
    [InlineData("Thursday", "2026-05-28 2026-05-28", Precision.Day)]
    [InlineData("Wednesday", "2026-06-03 2026-06-03", Precision.Day)]
    [InlineData("Tuesday, 15 September", "2026-09-15 2026-09-15", Precision.Day)]
    [InlineData("Tuesday, 15 September 2026", "2026-09-15 2026-09-15", Precision.Day)]
    [InlineData("late next week", "2026-06-05 2026-06-07", Precision.Third)]
    [InlineData("next 18 months", "2026-05-28 2027-11-28", Precision.Span)]
    [InlineData("in the next 12 to 18 months", "2026-05-28 2027-11-28", Precision.Span)]
    public void A_relative_phrase_refers_to_the_day_of_the_promise(string phrase, string bounds, Precision precision) =>
        IsPlainly(phrase, bounds, precision);

    [Theory]
    [InlineData("next month", "2027-01-01 2027-01-31")]
    [InlineData("next quarter", "2027-01-01 2027-03-31")]
    [InlineData("next half", "2027-01-01 2027-06-30")]
    public void Next_in_december_is_next_year(string phrase, string bounds) =>
        Assert.Equal(bounds, Read.Bounds(Read.Phrase(phrase, new(2026, 12, 9))));

    [Theory]
    [InlineData("FY2027", 10, "2026-10-01 2027-09-30", Precision.Year)]
    [InlineData("FY27", 1, "2027-01-01 2027-12-31", Precision.Year)]
    [InlineData("fiscal year 2027", 4, "2026-04-01 2027-03-31", Precision.Year)]
    [InlineData("Q1 FY2027", 10, "2026-10-01 2026-12-31", Precision.Quarter)]
    [InlineData("4QFY27", 4, "2027-01-01 2027-03-31", Precision.Quarter)]
    [InlineData("FY2026-27", 4, "2026-04-01 2027-03-31", Precision.Year)]
    [InlineData("FY2027 Q4", 10, "2027-07-01 2027-09-30", Precision.Quarter)]
    [InlineData("H1 FY27", 7, "2026-07-01 2026-12-31", Precision.Half)]
    [InlineData("first quarter of fiscal 2027", 2, "2026-02-01 2026-04-30", Precision.Quarter)]
    public void A_fiscal_year_ends_in_the_year_it_is_named_for(string phrase, int starts, string bounds, Precision precision)
    {
        var window = Read.Phrase(phrase, fiscalYearStarts: starts);

        Assert.Equal(bounds, Read.Bounds(window));
        Assert.Equal(precision, window.Precision);
        Assert.False(window.Ambiguous);
    }

    [Theory]
    [InlineData("TBD")]
    [InlineData("TBC")]
    [InlineData("unknown")]
    [InlineData("to be announced")]
    [InlineData("date to be determined")]
    public void An_unknown_date_is_open_on_both_sides(string phrase) => IsPlainly(phrase, "- -", Precision.Unknown);

    [Theory]
    [InlineData("winter 2026", "2026-12-01 2027-02-28", "2025-12-01 2026-02-28")]
    [InlineData("late winter 2026", "2027-02-01 2027-02-28", "2026-02-01 2026-02-28")]
    [InlineData("by end of winter 2026", "- 2027-02-28", "- 2026-02-28")]
    [InlineData("by 2027", "- 2027-12-31", "- 2026-12-31")]
    [InlineData("by Q3 2026", "- 2026-09-30", "- 2026-06-30")]
    [InlineData("by mid-2027", "- 2027-08-31", "- 2027-04-30")]
    [InlineData("by winter 2026", "- 2027-02-28", "- 2026-11-30")]
    [InlineData("by Q1", "- 2027-03-31", "- 2026-12-31")]
    [InlineData("by Q3–Q4 2026", "- 2026-12-31", "- 2026-06-30")]
    [InlineData("by the end of the decade", "- 2030-12-31", "- 2029-12-31")]
    [InlineData("next summer", "2027-06-01 2027-08-31", "2026-06-01 2026-08-31")]
    [InlineData("next winter", "2027-12-01 2028-02-29", "2026-12-01 2027-02-28")]
    [InlineData("delayed until September", "2026-09-01 2026-09-30", "2026-09-01 -")]
    [InlineData("FY2026-27", "2027-01-01 2027-12-31", "2026-01-01 2026-12-31")]
    [InlineData("after winter 2026", "2027-03-01 -", "2026-03-01 -")]
    [InlineData("FY2027", "2027-01-01 2027-12-31", "2027-01-01 2027-12-31")]
    [InlineData("Q1 FY2027", "2027-01-01 2027-03-31", "2027-01-01 2027-03-31")]
    [InlineData("Q3 2026 (or 2027)", "2026-07-01 2026-09-30", "2027-01-01 2027-12-31")]
    public void An_ambiguous_phrase_has_another_reading(string phrase, string bounds, string alternative)
    {
        var window = Read.Phrase(phrase);

        Assert.Equal(bounds, Read.Bounds(window));
        Assert.Equal(alternative, Read.Alternative(window));
    }

    [Theory]
    [InlineData("expected Q3 2026")]
    [InlineData("planned for Q3 2026")]
    [InlineData("scheduled for Q3 2026")]
    [InlineData("targeting Q3 2026")]
    [InlineData("fully operational in Q3 2026")]
    [InlineData("expected to be fully operational in the third quarter of 2026.")]
    [InlineData("Q3 2026, fully operational")]
    [InlineData("Q3 2026 (planned)")]
    [InlineData("  q3   –  2026  ")]
    public void Words_that_say_nothing_about_time_are_skipped(string phrase) =>
        IsPlainly(phrase, "2026-07-01 2026-09-30", Precision.Quarter);

    private static void IsPlainly(string phrase, string bounds, Precision precision)
    {
        var window = Read.Phrase(phrase);

        Assert.Equal(bounds, Read.Bounds(window));
        Assert.Equal(precision, window.Precision);
        Assert.False(window.Ambiguous);
        Assert.False(window.Approximate);
    }
}
