using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Ledger;

public sealed class FoldTests
{
    private static EvidenceAdded Counted(string name) => new(Stance.Supports, name, name, "renewal", true);

    [Fact]
    public void A_first_promise_sets_the_window_and_remembers_it_as_the_first()
    {
        var state = new Book().State;

        Assert.Equal((Status.Planned, 1, 1L), (state.Status, state.Revision, state.Position));
        Assert.Equal(new LocalDate(2026, 9, 30), state.Window!.Latest);
        Assert.Equal((1L, 1L, state.Window), (state.WindowPosition, state.FirstWindowPosition, state.FirstWindow));
    }

    [Fact]
    public void A_question_starts_open_without_a_window()
    {
        var state = new Book(MilestoneKind.Question, null).State;

        Assert.Equal((Status.Open, null, null), (state.Status, state.Window, state.WindowPosition));
    }

    [Fact]
    public void It_is_added_once()
    {
        var book = new Book();

        Assert.Null(book.Write(new Added(new Definition { Title = "Again" }, null)));
        Assert.Equal("it is already on the watchlist", book.Refused);
    }

    [Fact]
    public void A_moved_date_counts_as_a_move_and_sets_no_status()
    {
        var book = new Book();
        book.Move("Q4 2026");

        Assert.Equal((Status.Planned, 1, 2L), (book.State.Status, book.State.Moves, book.State.WindowPosition!.Value));
        Assert.Equal(new LocalDate(2026, 9, 30), book.State.FirstWindow!.Latest);
    }

    [Fact]
    public void A_date_for_what_had_none_is_its_first_and_no_move()
    {
        var book = new Book(phrase: null);
        book.Move("Q4 2026");

        Assert.Equal((0, 2L), (book.State.Moves, book.State.FirstWindowPosition!.Value));
    }

    [Fact]
    public void The_same_window_in_other_words_is_refused()
    {
        var book = new Book();

        Assert.Null(book.Write(new Rescheduled(Book.Due("third quarter of 2026"))));
        Assert.Contains("already promised for that window", book.Refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Status.Achieved)]
    [InlineData(Status.Missed)]
    public void What_settles_it_needs_evidence_or_a_reason(Status status)
    {
        Assert.Null(new Book().Write(new StatusChanged(status)));
        Assert.Null(new Book().Write(new StatusChanged(status), standing: Standing.Claimed));
        Assert.Null(new Book().Write(new StatusChanged(status), standing: Standing.Unclear));
        Assert.NotNull(new Book().Write(new StatusChanged(status), standing: Standing.Confirmed));
        Assert.NotNull(new Book().Write(new StatusChanged(status), standing: Standing.Reported));
        Assert.NotNull(new Book().Write(new StatusChanged(status, "seen on site")));
    }

    [Theory]
    [InlineData(Stance.Supports, Standing.Reported, true)]
    [InlineData(Stance.Supports, Standing.Claimed, false)]
    [InlineData(Stance.Contradicts, Standing.Confirmed, false)]
    [InlineData(Stance.Unclear, Standing.Confirmed, false)]
    public void Evidence_recorded_before_counts_as_proof_if_it_supports_and_is_no_mere_claim(Stance stance, Standing standing, bool proves)
    {
        var book = new Book();
        book.Write(new EvidenceAdded(stance, null, null, null, false), standing: standing);

        Assert.Equal(proves, book.Write(new StatusChanged(Status.Achieved)) is not null);
    }

    [Fact]
    public void What_is_settled_changes_and_moves_only_after_a_reopening()
    {
        var book = new Book();
        book.Write(new StatusChanged(Status.Cancelled));

        Assert.Null(book.Write(new StatusChanged(Status.OnTrack)));
        Assert.Contains("reopen it first", book.Refused, StringComparison.Ordinal);
        Assert.Null(book.Write(new Rescheduled(Book.Due("2028"))));
        book.Write(new Reopened("it was early"));
        Assert.Equal((Status.Planned, null), (book.State.Status, book.State.StatusOn));
        Assert.NotNull(book.Write(new Rescheduled(Book.Due("2028"))));
        Assert.Null(book.Write(new Reopened("again")));
    }

    [Theory]
    [InlineData(MilestoneKind.Event, Status.Answered, false)]
    [InlineData(MilestoneKind.Event, Status.Open, false)]
    [InlineData(MilestoneKind.Question, Status.Answered, true)]
    [InlineData(MilestoneKind.Question, Status.OnTrack, false)]
    [InlineData(MilestoneKind.Question, Status.Cancelled, true)]
    public void A_status_fits_its_kind(MilestoneKind kind, Status status, bool fits) =>
        Assert.Equal(fits, new Book(kind).Write(new StatusChanged(status)) is not null);

    [Fact]
    public void The_same_status_twice_is_refused()
    {
        var book = new Book();
        book.Write(new StatusChanged(Status.OnTrack));

        Assert.Null(book.Write(new StatusChanged(Status.OnTrack)));
    }

    [Fact]
    public void Progress_is_the_reading_latest_by_day_then_by_position()
    {
        var book = new Book(MilestoneKind.Quantity);
        book.Write(new ProgressRecorded(40), Book.Day.PlusDays(5));
        book.Write(new ProgressRecorded(30), Book.Day);
        Assert.Equal(40, book.State.Progress);
        book.Write(new ProgressRecorded(41), Book.Day.PlusDays(5));
        Assert.Equal((41m, 4L), (book.State.Progress!.Value, book.State.ProgressPosition!.Value));
    }

    [Fact]
    public void Progress_is_of_quantities_and_never_negative()
    {
        Assert.Null(new Book().Write(new ProgressRecorded(1)));
        Assert.Null(new Book(MilestoneKind.Quantity).Write(new ProgressRecorded(-1)));
    }

    [Fact]
    public void A_tally_counts_a_name_once_and_only_if_it_counts()
    {
        var book = new Book(MilestoneKind.Tally);
        book.Write(Counted("CMA CGM"));
        book.Write(Counted("CMA CGM"));
        book.Write(Counted("SNCF") with { Counts = false });
        book.Write(Counted("SNCF"));

        Assert.Equal(2, book.State.Counted);
    }

    [Fact]
    public void A_look_is_an_analysts_entry_but_no_substance()
    {
        var book = new Book();
        book.Write(new Looked(), Book.Day.PlusDays(9));
        book.Write(new Looked(), Book.Day.PlusDays(3));

        Assert.Equal(
            (3, 1L, Book.Day.PlusDays(9), 2L),
            (book.State.Revision, book.State.SubstancePosition!.Value, book.State.LookedOn!.Value, book.State.LookPosition!.Value)
        );
    }

    [Fact]
    public void New_wording_is_pointed_to_and_readings_change_nothing_else()
    {
        var book = new Book();
        book.Write(new Redefined(new Definition { Title = "It really opens" }));
        var before = book.State;
        book.Write(new ReadingAdded(Book.Due("by 2027"), "full operation", true));

        Assert.Equal(2, before.DefinitionPosition);
        Assert.Equal(before with { Position = 3, Revision = 3, SubstancePosition = 3 }, book.State);
    }

    [Fact]
    public void What_the_clock_says_is_no_analysts_revision()
    {
        var book = new Book();
        book.Say(EntryKind.WindowClosed, new LocalDate(2026, 9, 30));

        Assert.Equal((1, 2L), (book.State.Revision, book.State.Position));
    }

    [Fact]
    public void A_source_that_says_delayed_is_no_proof_of_what_settles_it()
    {
        var book = new Book();
        book.Write(new StatusChanged(Status.Delayed), standing: Standing.Confirmed);

        Assert.Equal(0, book.State.Proofs);
        Assert.Null(book.Write(new StatusChanged(Status.Achieved)));
    }
}
