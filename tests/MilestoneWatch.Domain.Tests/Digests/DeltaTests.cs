using CsCheck;
using MilestoneWatch.Domain.Digests;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Tests.Ledger;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Digests;

public sealed class DeltaTests
{
    private static readonly LocalDate Latest = new(2026, 9, 30);

    private static MilestoneDelta Since(Book book, long from) => Delta.Of(book.Milestone, book.Entries, from);

    [Fact]
    public void Without_retractions_it_tells_every_difference_and_ends_in_the_final_state() =>
        RandomBook
            .Of(retractions: false)
            .Select(Gen.Int[1, 30])
            .Sample(
                (book, pick) =>
                {
                    var from = 1 + (pick % book.Head);
                    var (delta, before, after) = (Since(book, from), book.Entries[(int)from - 1].State, book.State);
                    Assert.Empty(delta.Corrections);
                    Assert.Equal(before.Status != after.Status, delta.StatusChange is not null);
                    Assert.Equal(before.Window != after.Window, delta.Move is not null);
                    if (delta.StatusChange?.Body!.Change is StatusChanged changed)
                    {
                        Assert.Equal(after.Status, changed.Status);
                    }
                    if (delta.Move is { } move)
                    {
                        Assert.Equal(after.Window, ((Rescheduled)move.Body!.Change).Promise.Window);
                    }
                    var told = delta.Others.Select(entry => (long?)entry.Position).ToList();
                    Assert.Equal(before.ProgressPosition != after.ProgressPosition, told.Contains(after.ProgressPosition));
                    // a wording that says the same to readers is no news
                    var known = book.WordingAt(from);
                    Assert.Equal(!Definitions.SayTheSame(known, book.Wording), told.Contains(after.DefinitionPosition));
                },
                iter: 10_000
            );

    [Fact]
    public void With_retractions_every_difference_is_told_or_corrected_and_nothing_retracted_is_news() =>
        RandomBook
            .Of()
            .Select(Gen.Int[1, 30])
            .Sample(
                (book, pick) =>
                {
                    var from = 1 + (pick % book.Head);
                    var (delta, before, after) = (Since(book, from), book.Entries[(int)from - 1].State, book.State);
                    var gone = book.Entries.Select(entry => entry.Retracts).OfType<long>().ToHashSet();
                    Entry?[] news = [delta.StatusChange, delta.Move, .. delta.Clock, .. delta.Others];
                    Assert.All(
                        news.OfType<Entry>(),
                        entry =>
                        {
                            Assert.True(entry.Position > from);
                            Assert.DoesNotContain(entry.Position, gone);
                        }
                    );
                    Assert.All(
                        delta.Corrections,
                        correction =>
                        {
                            Assert.True(correction.Told.Position <= from);
                            Assert.Equal(correction.Told.Position, correction.Retraction.Retracts);
                        }
                    );
                    var corrected = delta.Corrections.Count > 0;
                    Assert.True(corrected || (before.Status != after.Status) == (delta.StatusChange is not null));
                    Assert.True(corrected || (before.Window != after.Window) == (delta.Move is not null));
                    Assert.False(
                        delta.IsEmpty && (before.Status, before.Window, before.Progress) != (after.Status, after.Window, after.Progress)
                    );
                },
                iter: 10_000
            );

    [Fact]
    public void Changes_that_were_all_retracted_before_they_were_told_are_an_empty_delta() =>
        RandomBook
            .Of(retractions: false)
            .Select(Gen.Int[1, 30])
            .Sample(
                (book, pick) =>
                {
                    var from = 1 + (pick % book.Head);
                    var head = book.Head;
                    for (var position = head; position > from; position--)
                    {
                        book.Retract(position);
                    }
                    var delta = Since(book, from);
                    // what the clock said in between stays said
                    Assert.True((delta with { Clock = [] }).IsEmpty);
                },
                iter: 5_000
            );

    [Fact]
    public void A_date_moved_away_and_back_is_no_news()
    {
        var book = new Book();
        book.Move("Q4 2026");
        book.Move("Q3 2026");

        Assert.True(Since(book, 1).IsEmpty);
    }

    [Fact]
    public void Of_two_moves_only_the_last_is_told_from_the_window_known_before()
    {
        var book = new Book();
        book.Move("Q4 2026");
        var last = book.Move("2028");

        var delta = Since(book, 1);

        Assert.Equal((last, Latest), (delta.Move!.Position, delta.Before!.Window!.Latest!.Value));
    }

    [Fact]
    public void A_retraction_of_what_was_told_is_a_correction_and_no_move()
    {
        var book = new Book();
        var moved = book.Move("Q4 2026");
        var retraction = book.Retract(moved);

        var delta = Since(book, moved);

        Assert.Equal([(moved, retraction!.Value)], delta.Corrections.Select(c => (c.Told.Position, c.Retraction.Position)));
        Assert.Null(delta.Move);
        Assert.Equal(Weight.Correction, delta.Weight);
    }

    [Fact]
    public void A_retraction_of_what_was_never_told_is_nothing()
    {
        var book = new Book();
        book.Retract(book.Move("Q4 2026"));

        Assert.True(Since(book, 1).IsEmpty);
    }

    [Fact]
    public void A_reminder_is_not_told_once_the_window_has_closed()
    {
        var book = new Book();
        book.Say(EntryKind.WindowOpened, new LocalDate(2026, 7, 1));
        book.Say(EntryKind.DueSoon, Latest, 7);
        var closed = book.Say(EntryKind.WindowClosed, Latest);

        Assert.Equal([closed], Since(book, 1).Clock.Select(entry => entry.Position));
    }

    [Fact]
    public void Of_several_reminders_only_the_last_is_told()
    {
        var book = new Book();
        book.Say(EntryKind.DueSoon, Latest, 30);
        var last = book.Say(EntryKind.DueSoon, Latest, 7);

        Assert.Equal([last], Since(book, 1).Clock.Select(entry => entry.Position));
    }

    [Fact]
    public void What_the_clock_said_of_a_window_that_moved_or_a_milestone_that_settled_is_not_told()
    {
        var moved = new Book();
        moved.Say(EntryKind.WindowClosed, Latest);
        moved.Move("Q4 2026");
        var settled = new Book();
        settled.Say(EntryKind.WindowClosed, Latest);
        settled.Write(new StatusChanged(Status.Achieved), standing: Standing.Confirmed);

        Assert.Empty(Since(moved, 1).Clock);
        Assert.Empty(Since(settled, 1).Clock);
    }

    [Fact]
    public void A_new_milestone_is_told_as_new_whatever_followed()
    {
        var book = new Book();
        book.Move("Q4 2026");

        var delta = Since(book, 0);

        Assert.False(delta.IsEmpty);
        Assert.Null(delta.Before);
    }

    [Fact]
    public void A_look_is_no_news()
    {
        var book = new Book();
        book.Write(new Looked());

        Assert.True(Since(book, 1).IsEmpty);
    }

    [Fact]
    public void Withdrawing_a_wording_that_readers_never_saw_changed_corrects_nothing()
    {
        var book = new Book();
        var silent = book.Write(new Redefined(book.Definition with { QuietDays = 5 }))!.Value;
        book.Retract(silent);

        Assert.True(Since(book, silent).IsEmpty);
    }
}
