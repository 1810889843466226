using CsCheck;
using MilestoneWatch.Domain.Evidence;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;

namespace MilestoneWatch.Domain.Tests.Ledger;

/// <summary>What holds after any order of valid changes, told from the entries alone: the fold is not asked.</summary>
public sealed class InvariantTests
{
    private const int Books = 4_000;

    [Fact]
    public void The_revision_counts_the_analysts_entries() =>
        RandomBook
            .Of(redactions: true)
            .Sample(
                book => book.Entries.All(entry => entry.State.Revision == UpTo(book, entry).Count(e => !e.Kind.IsDerived())),
                iter: Books
            );

    [Fact]
    public void The_tally_counts_the_distinct_names_that_stand() =>
        Everywhere(
            (state, standing) =>
                Assert.Equal(
                    standing
                        .Select(entry => entry.Body!.Change)
                        .OfType<EvidenceAdded>()
                        .Where(e => e.Counts)
                        .Select(e => e.NameKey)
                        .Distinct()
                        .Count(),
                    state.Counted
                )
        );

    [Fact]
    public void Proofs_are_the_sourced_entries_that_support_or_settle_it() =>
        Everywhere((state, standing) => Assert.Equal(standing.Count(Proves), state.Proofs));

    [Fact]
    public void What_was_promised_first_is_kept_and_moves_are_counted_from_it() =>
        Everywhere(
            (state, standing) =>
            {
                var promises = standing.Where(entry => entry.Body!.Change is Added { Promise: not null } or Rescheduled).ToList();
                Assert.Equal(promises.FirstOrDefault()?.Position, state.FirstWindowPosition);
                Assert.Equal(promises.LastOrDefault()?.Position, state.WindowPosition);
                Assert.Equal(Math.Max(0, promises.Count - 1), state.Moves);
                Assert.Equal(state.FirstWindowPosition is { } first ? WindowOf(standing, first) : null, state.FirstWindow);
                Assert.Equal(state.WindowPosition is { } last ? WindowOf(standing, last) : null, state.Window);
            }
        );

    [Fact]
    public void Substance_progress_and_looks_are_the_latest_that_stand() =>
        Everywhere(
            (state, standing) =>
            {
                var latest = standing.OrderBy(entry => entry.HappenedOn).ThenBy(entry => entry.Position).ToList();
                Assert.Equal(standing.FindLast(entry => entry.Kind != EntryKind.Looked)?.Position, state.SubstancePosition);
                Assert.Equal(latest.FindLast(entry => entry.Kind == EntryKind.ProgressRecorded)?.Position, state.ProgressPosition);
                Assert.Equal(latest.FindLast(entry => entry.Kind == EntryKind.Looked)?.Position, state.LookPosition);
                Assert.Equal(standing.FindLast(entry => entry.Body!.Change is Added or Redefined)!.Position, state.DefinitionPosition);
            }
        );

    [Fact]
    public void What_is_settled_is_left_only_by_a_reopening_or_a_retraction() =>
        RandomBook
            .Of(redactions: true)
            .Sample(
                book =>
                    book.Entries.Zip(book.Entries.Skip(1))
                        .Where(pair => pair.First.State.Status.IsFinal() && pair.Second.State.Status != pair.First.State.Status)
                        .All(pair => pair.Second.Kind is EntryKind.Reopened or EntryKind.Retracted),
                iter: Books
            );

    [Fact]
    public void Achieved_and_missed_have_a_proof_or_an_override_whatever_was_retracted_or_redacted() =>
        RandomBook
            .Of(redactions: true)
            .Sample(
                book =>
                {
                    foreach (var state in book.Entries.Select(entry => entry.State))
                    {
                        if (state is { Status: Status.Achieved or Status.Missed, Proofs: 0 })
                        {
                            // a redacted override is known by the state it left: nothing else could have settled it
                            var settled = book.Entries[(int)state.StatusPosition! - 1];
                            Assert.True(
                                settled.Body is { Change: StatusChanged changed } ? changed.Override is not null : settled.State.Proofs == 0
                            );
                        }
                    }
                },
                iter: Books
            );

    [Fact]
    public void Without_the_words_of_any_entries_it_still_folds_to_the_stored_states() =>
        RandomBook.Of(redactions: true).Sample(book => book.FirstWrong() is null, iter: Books);

    /// <summary>Looks at every state of random books beside the entries that stood then: not retracted, and not the clock's.</summary>
    private static void Everywhere(Action<MilestoneState, List<Entry>> look) =>
        RandomBook
            .Of()
            .Sample(
                book =>
                {
                    foreach (var entry in book.Entries)
                    {
                        var known = UpTo(book, entry).ToList();
                        var gone = known.Select(e => e.Retracts).OfType<long>().ToHashSet();
                        look(
                            entry.State,
                            known.FindAll(e => !gone.Contains(e.Position) && !e.Kind.IsDerived() && e.Kind != EntryKind.Retracted)
                        );
                    }
                },
                iter: Books
            );

    private static IEnumerable<Entry> UpTo(Book book, Entry entry) => book.Entries.Take((int)entry.Position);

    private static bool Proves(Entry entry) =>
        entry.Body is { Source: not null, Standing: Standing.Confirmed or Standing.Reported } body
        && body.Change is EvidenceAdded { Stance: Stance.Supports } or StatusChanged { Status: Status.Achieved or Status.Missed };

    private static Domain.Windows.Window? WindowOf(List<Entry> standing, long position) =>
        standing.Find(entry => entry.Position == position)!.Body!.Change switch
        {
            Added added => added.Promise!.Window,
            Rescheduled moved => moved.Promise.Window,
            _ => null,
        };
}
