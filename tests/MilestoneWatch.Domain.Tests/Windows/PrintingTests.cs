using MilestoneWatch.Domain.Windows;

namespace MilestoneWatch.Domain.Tests.Windows;

public sealed class PrintingTests
{
    [Theory]
    [InlineData("2026-09-15", "15 September 2026")]
    [InlineData("2026-W38", "week 38 of 2026")]
    [InlineData("sep '26", "September 2026")]
    [InlineData("3Q26", "Q3 2026")]
    [InlineData("2H26", "H2 2026")]
    [InlineData("sometime in 2027", "2027")]
    [InlineData("fall 2026", "autumn 2026")]
    [InlineData("winter 2026", "winter 2026")]
    [InlineData("winter 2026-27", "December 2026 to February 2027")]
    [InlineData("start of 2027", "early 2027")]
    [InlineData("middle of September 2026", "mid September 2026")]
    [InlineData("late H1 2026", "late H1 2026")]
    [InlineData("by 2027", "by 2027")]
    [InlineData("by Q3 2026", "by Q3 2026")]
    [InlineData("by late 2027", "by the end of 2027")]
    [InlineData("by the end of Q2 2026", "by the end of June 2026")]
    [InlineData("before 15 June 2026", "by 14 June 2026")]
    [InlineData("NET September 2026", "from September 2026")]
    [InlineData("after 2026", "from 2027")]
    [InlineData("between March and May 2027", "March 2027 to May 2027")]
    [InlineData("2026-2027", "2026 to 2027")]
    [InlineData("within 18 months", "28 May 2026 to 28 November 2027")]
    [InlineData("next quarter", "Q3 2026")]
    [InlineData("Q3 2026 (approx)", "around Q3 2026")]
    [InlineData("after winter 2026", "from March 2027 (or from March 2026)")]
    [InlineData("by about the end of 2026", "by the end of 2026 (approx.)")]
    [InlineData("Q1 FY27", "Q1 FY2027")]
    [InlineData("tba", "TBD")]
    public void A_window_prints_as_an_editor_would_say_it(string phrase, string printed) =>
        Assert.Equal(printed, WindowPhrase.Print(Read.Phrase(phrase)));

    [Theory]
    [InlineData("15 September 2026", "2026-09-15")]
    [InlineData("September 2026", "2026-09")]
    [InlineData("2027", "2027")]
    [InlineData("Q1 2026", "2026-33")]
    [InlineData("Q4 2026", "2026-36")]
    [InlineData("H1 2026", "2026-40")]
    [InlineData("H2 2026", "2026-41")]
    [InlineData("summer 2026", "2026-26")]
    [InlineData("winter 2026", "2026-12-01/2027-02-28")]
    [InlineData("early 2027", "2027-37")]
    [InlineData("late 2027", "2027-39")]
    [InlineData("early September 2026", "2026-09-01/2026-09-10")]
    [InlineData("2026-W38", "2026-09-14/2026-09-20")]
    [InlineData("by 2027", "../2027-12-31")]
    [InlineData("NET September 2026", "2026-09-01/..")]
    [InlineData("between March and May 2027", "2027-03-01/2027-05-31")]
    [InlineData("around September 2026", "2026-09~")]
    [InlineData("around Q3 2026", "2026-35~")]
    [InlineData("by about the end of 2027", "../2027-12-31~")]
    [InlineData("TBD", null)]
    public void A_window_is_written_in_EDTF(string phrase, string? edtf) =>
        Assert.Equal(edtf, Edtf.Of(Read.Phrase(phrase)));
}
