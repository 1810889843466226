using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Tests.Ledger;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Milestones;

public sealed class TrackRecordTests
{
    // the first date of "Q3 2026" has passed, that of "Q4 2026" has not
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 28, 12, 0);
    private static readonly LocalDate Latest = new(2026, 9, 30);

    private static TrackRecord Of(params Book[] books) => TrackRecord.Of(books.Select(book => book.Milestone), Now);

    private static FirstDate DateOf(Book book) => Assert.Single(Of(book).Promises).Date;

    private static Book Settled(Status status, LocalDate? on = null)
    {
        var book = new Book();
        Assert.NotNull(book.Write(new StatusChanged(status, "the analyst knows"), on));
        return book;
    }

    private static Book Moved(params string[] phrases)
    {
        var book = new Book();
        foreach (var phrase in phrases)
        {
            book.Move(phrase);
        }
        return book;
    }

    [Fact]
    public void Nothing_on_record_says_nothing()
    {
        var record = Of();

        Assert.Equal(new Share(0, 0), record.Kept);
        Assert.Equal((0, 0, null), (record.Moved, record.Slips, record.MedianSlipInDays));
    }

    [Fact]
    public void A_question_promises_nothing() => Assert.Empty(Of(new Book(MilestoneKind.Question, phrase: null)).Promises);

    [Theory]
    [InlineData(null)]
    [InlineData("TBD")]
    [InlineData("from September 2025")]
    public void Without_a_last_day_there_is_nothing_to_judge_by(string? phrase)
    {
        var open = new Book(phrase: phrase);
        Assert.Equal(FirstDate.NoDay, DateOf(open));

        open.Write(new StatusChanged(Status.Achieved, "the analyst knows"));
        Assert.Equal(FirstDate.NoDay, DateOf(open));
        Assert.Equal(0, Of(open).Kept.Count);
    }

    [Fact]
    public void What_happened_on_a_day_that_is_not_on_record_is_not_judged()
    {
        var milestone = Settled(Status.Achieved).Milestone;

        var record = TrackRecord.Of([milestone with { State = milestone.State with { StatusOn = null } }], Now);

        Assert.Equal(FirstDate.NoDay, record.Promises[0].Date);
    }

    [Fact]
    public void A_date_that_passed_in_silence_is_still_open_and_never_a_miss()
    {
        var record = Of(new Book());

        Assert.Equal(1, record.Count(FirstDate.StillOpen));
        Assert.Equal(0, record.Count(FirstDate.Missed));
        Assert.Equal(new Share(0, 0), record.Kept);
    }

    [Fact]
    public void A_date_has_passed_at_the_midnight_after_it_in_the_milestones_zone()
    {
        var zone = DateTimeZoneProviders.Tzdb["Europe/Paris"];
        var midnight = zone.AtStartOfDay(Latest.PlusDays(1)).ToInstant();
        var state = new Book().State;

        Assert.Equal(FirstDate.NotYetDue, FirstDates.Of(state, zone, midnight - Duration.Epsilon));
        Assert.Equal(FirstDate.StillOpen, FirstDates.Of(state, zone, midnight));
    }

    [Theory]
    [InlineData(-80, FirstDate.Kept)]
    [InlineData(0, FirstDate.Kept)]
    [InlineData(1, FirstDate.Late)]
    public void Kept_is_what_was_achieved_on_the_last_day_or_before_it(int days, FirstDate expected) =>
        Assert.Equal(expected, DateOf(Settled(Status.Achieved, Latest.PlusDays(days))));

    [Theory]
    [InlineData(Status.Missed, FirstDate.Missed)]
    [InlineData(Status.Cancelled, FirstDate.CalledOff)]
    public void What_was_settled_otherwise_was_not_kept(Status status, FirstDate expected)
    {
        var book = Settled(status);

        Assert.Equal(expected, DateOf(book));
        Assert.Equal(new Share(0, 1), Of(book).Kept);
    }

    [Theory]
    [InlineData("Q1 2027")]
    [InlineData("TBD")]
    public void A_first_date_that_was_moved_past_was_not_kept(string later)
    {
        Assert.Equal(FirstDate.MovedPast, DateOf(Moved(later)));
        Assert.Equal(new Share(0, 1), Of(Moved(later)).Kept);
    }

    [Theory]
    [InlineData("August 2026")]
    [InlineData("September 2026")]
    public void Moving_it_no_later_does_not_decide_a_first_date(string phrase) => Assert.Equal(FirstDate.StillOpen, DateOf(Moved(phrase)));

    [Fact]
    public void A_move_does_not_decide_a_first_date_that_is_still_to_come()
    {
        var book = new Book(phrase: "Q4 2026");
        book.Move("Q1 2027");

        Assert.Equal(FirstDate.NotYetDue, DateOf(book));
        Assert.Equal(90, Of(book).MedianSlipInDays);
    }

    [Fact]
    public void What_came_on_the_moved_date_is_late_by_the_first()
    {
        var book = Moved("Q4 2026");
        book.Write(new StatusChanged(Status.Achieved, "the analyst knows"), new LocalDate(2026, 11, 2));

        Assert.Equal(FirstDate.Late, DateOf(book));
    }

    [Fact]
    public void A_retracted_move_is_no_move()
    {
        var book = new Book();
        var move = book.Move("Q1 2027");
        Assert.NotNull(book.Retract(move));

        var record = Of(book);

        Assert.Equal((0, null), (record.Moved, record.MedianSlipInDays));
        Assert.Equal(FirstDate.StillOpen, record.Promises[0].Date);
    }

    [Fact]
    public void The_median_is_of_what_was_moved_in_days_and_of_nothing_else()
    {
        var (still, open) = (new Book(), Moved("TBD"));
        var (ninetyTwo, thirtyOne, earlier, back) = (
            Moved("Q4 2026"),
            Moved("October 2026"),
            Moved("August 2026"),
            Moved("2027", "Q3 2026")
        );

        Assert.Null(Of(still, open).MedianSlipInDays);
        Assert.Equal((1, 0), (Of(still, open).Moved, Of(still, open).Slips));
        Assert.Equal(92, Of(still, open, ninetyTwo).MedianSlipInDays);
        Assert.Equal(61.5m, Of(ninetyTwo, still, thirtyOne).MedianSlipInDays);
        Assert.Equal(31, Of(ninetyTwo, earlier, thirtyOne).MedianSlipInDays);
        Assert.Equal(0.5m, Of(earlier, thirtyOne).MedianSlipInDays);
        Assert.Equal((0, 1), (Of(back).MedianSlipInDays, Of(back).Moved));
    }
}
