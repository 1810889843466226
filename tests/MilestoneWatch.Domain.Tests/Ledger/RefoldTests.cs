using CsCheck;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Domain.Tests.Ledger;

public sealed class RefoldTests
{
    [Fact]
    public void Whatever_was_recorded_and_retracted_folds_again_to_the_stored_states() =>
        RandomBook.Of().Sample(book => book.FirstWrong() is null, iter: 20_000);

    [Fact]
    public void A_state_that_was_changed_is_the_first_wrong_one() =>
        RandomBook
            .Of()
            .Select(Gen.Int[0, 30])
            .Sample(
                (book, pick) =>
                {
                    var i = pick % book.Entries.Count;
                    var state = book.Entries[i].State;
                    book.Entries[i] = book.Entries[i] with { State = state with { Proofs = state.Proofs + 1 } };
                    return book.FirstWrong() == i + 1;
                },
                iter: 5_000
            );

    [Fact]
    public void Redacting_any_entry_leaves_the_others_verifiable() =>
        RandomBook
            .Of()
            .Select(Gen.Int[0, 30])
            .Sample(
                (book, pick) =>
                {
                    book.Redact(1 + (pick % book.Entries.Count));
                    return book.FirstWrong() is null;
                },
                iter: 20_000
            );

    [Fact]
    public void Retracting_the_newest_change_gives_the_state_before_it_back() =>
        RandomBook
            .Of()
            .Sample(
                book =>
                {
                    var before = book.State;
                    var change = book.Write(new Redefined(new Definition { Title = "New" }))!.Value;
                    book.Retract(change);
                    return book.State == before with { Position = before.Position + 2, Revision = before.Revision + 2 };
                },
                iter: 2_000
            );

    [Fact]
    public void A_retracted_move_gives_the_window_before_it_and_one_move_less()
    {
        var book = new Book();
        var moved = book.Move("Q4 2026");
        book.Write(new StatusChanged(Status.Delayed));
        book.Retract(moved);

        Assert.Equal((1L, 0, Status.Delayed), (book.State.WindowPosition!.Value, book.State.Moves, book.State.Status));
    }

    [Fact]
    public void Evidence_that_a_settled_status_rests_on_cannot_be_retracted()
    {
        var book = new Book();
        var proof = book.Write(new EvidenceAdded(Stance.Supports, null, null, null, false), standing: Standing.Confirmed)!.Value;
        var settled = book.Write(new StatusChanged(Status.Achieved));

        Assert.Null(book.Retract(proof));
        Assert.StartsWith($"entry {settled}: ", book.Refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_whose_first_evidence_is_retracted_counts_by_its_second()
    {
        var book = new Book(MilestoneKind.Tally);
        var evidence = new EvidenceAdded(Stance.Supports, "A", "A", "renewal", true);
        var first = book.Write(evidence)!.Value;
        var second = book.Write(evidence)!.Value;
        book.Retract(first);
        Assert.Equal(1, book.State.Counted);
        book.Retract(second);
        Assert.Equal(0, book.State.Counted);
    }

    [Fact]
    public void A_move_before_a_redacted_entry_can_still_be_retracted()
    {
        var book = new Book();
        var moved = book.Move("Q4 2026");
        var noted = book.Write(new StatusChanged(Status.AtRisk))!.Value;
        book.Redact(noted);
        book.Retract(moved);

        Assert.Equal((1L, Status.AtRisk), (book.State.WindowPosition!.Value, book.State.Status));
        Assert.Null(book.FirstWrong());
    }

    [Fact]
    public void The_only_proof_stays_though_the_words_of_what_it_settled_are_gone()
    {
        var book = new Book();
        var proof = book.Write(new EvidenceAdded(Stance.Supports, null, null, null, false), standing: Standing.Confirmed)!.Value;
        var settled = book.Write(new StatusChanged(Status.Achieved))!.Value;
        book.Redact(settled);

        Assert.Null(book.Retract(proof));
        Assert.StartsWith($"entry {settled}: ", book.Refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reopening_stays_though_the_words_of_what_came_after_it_are_gone()
    {
        var book = new Book();
        book.Write(new StatusChanged(Status.Cancelled));
        var reopened = book.Write(new Reopened("it was early"))!.Value;
        var later = book.Write(new StatusChanged(Status.Delayed))!.Value;
        book.Redact(later);

        Assert.Null(book.Retract(reopened));
        Assert.StartsWith($"entry {later}: ", book.Refused, StringComparison.Ordinal);
    }
}
