using CsCheck;
using MilestoneWatch.Domain.Digests;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Tests.Ledger;
using MilestoneWatch.Domain.Windows;

namespace MilestoneWatch.Domain.Tests.Digests;

/// <summary>A reader who only knows what the digests told, whenever they came, over any history.</summary>
public sealed class DigestsInOrderTests
{
    private const int Books = 10_000;

    [Fact]
    public void Applied_in_order_they_give_the_head_state_from_the_state_at_the_start() =>
        Over(
            (book, reader) =>
            {
                Assert.Equal(book.State.Status, reader.Status);
                Assert.Equal(book.State.Window, reader.Window);
                Assert.Equal(book.State.Progress, reader.Progress);
                Assert.True(Definitions.SayTheSame(reader.Wording!, book.Wording));
            }
        );

    [Fact]
    public void Nothing_is_told_twice() => Over((_, reader) => Assert.Equal(reader.Told.Distinct(), reader.Told));

    [Fact]
    public void Nothing_that_stands_is_left_out() =>
        Over(
            (book, reader) =>
            {
                var since = reader.Since;
                var standing = book
                    .Entries.Standing()
                    .Where(entry =>
                        entry.Position > since && entry.Kind is EntryKind.EvidenceAdded or EntryKind.ReadingAdded or EntryKind.Forecast
                    );
                Assert.Subset(reader.Told.ToHashSet(), standing.Where(entry => entry.Position > since).Select(e => e.Position).ToHashSet());
            }
        );

    [Fact]
    public void Every_correction_of_what_was_told_is_told_once_and_none_of_what_was_not() =>
        Over(
            (book, reader) =>
            {
                var withdrawn = book.Entries.Withdrawn();
                Assert.Equal(
                    reader.Told.Where(position => withdrawn.Contains(position) && !SaysNothing(book, position)).Order(),
                    reader.Corrected.Where(position => position > reader.Since).Order()
                );
            }
        );

    // a wording that reads the same as the one before it
    private static bool SaysNothing(Book book, long position) =>
        book.Entries[(int)position - 1].Body!.Change is Redefined redefined
        && Definitions.SayTheSame(book.WordingAt(position - 1), redefined.Definition);

    [Fact]
    public void Without_all_looks_but_the_last_the_same_is_told() =>
        RandomBook
            .Of()
            .Select(Gen.Int[0, 40])
            .Sample(
                (book, pick) =>
                {
                    var from = pick % book.Head;
                    var few = book
                        .Entries.Where(entry => entry.Kind != EntryKind.Looked || entry.Position == book.State.LookPosition)
                        .ToList();
                    var (whole, thin) = (Delta.Of(book.Milestone, book.Entries, from), Delta.Of(book.Milestone, few, from));
                    Assert.Equal(whole.News, thin.News);
                    Assert.Equal(whole.Corrections, thin.Corrections);
                    Assert.Equal((whole.IsRestated, whole.IsEmpty, whole.Weight), (thin.IsRestated, thin.IsEmpty, thin.Weight));
                    Assert.Equal(whole.MovedFrom, thin.MovedFrom);
                },
                iter: Books
            );

    private static void Over(Action<Book, Reader> look) =>
        RandomBook
            .Of()
            .Select(Gen.Int[0, 40].Array[1, 6])
            .Sample(
                (book, picks) =>
                {
                    var stops = picks.Select(pick => pick % book.Head).Append(book.Head).Order().Distinct().ToList();
                    var reader = new Reader(book, stops[0]);
                    foreach (var (from, to) in stops.Zip(stops.Skip(1)))
                    {
                        reader.Read(book, from, to);
                    }
                    look(book, reader);
                },
                iter: Books
            );

    private sealed class Reader
    {
        private readonly List<(long From, long To)> _digests = [];

        public Reader(Book book, long since)
        {
            Since = since;
            if (since > 0)
            {
                var state = book.Entries[(int)since - 1].State;
                (Status, Window, Progress, Wording) = (state.Status, state.Window, state.Progress, book.WordingAt(since));
            }
        }

        public long Since { get; }
        public Status Status { get; private set; }
        public Window? Window { get; private set; }
        public decimal? Progress { get; private set; }
        public Definition? Wording { get; private set; }
        public List<long> Told { get; } = [];
        public List<long> Corrected { get; } = [];

        public void Read(Book book, long from, long to)
        {
            var milestone = book.MilestoneAt(to);
            var history = book.Entries.Take((int)to).ToList();
            var delta = Delta.Of(milestone, history, from, position => WasTold(milestone, history, position));
            Told.AddRange(delta.News.Select(entry => entry.Position));
            Corrected.AddRange(delta.Corrections.Select(correction => correction.Told.Position));
            if (delta.IsRestated || delta.Before is null)
            {
                // "On record now", and "New on the watchlist": the mail says how it stands
                var state = delta.Milestone.State;
                (Status, Window, Progress, Wording) = (state.Status, state.Window, state.Progress, delta.Milestone.Definition);
            }
            foreach (var entry in delta.News)
            {
                Apply(entry, book);
            }
            _digests.Add((from, to));
        }

        // as the composer finds out: from what the digest of that time told
        private bool WasTold(Milestone milestone, IReadOnlyList<Entry> history, long position) =>
            position <= Since
            || _digests.Exists(digest =>
                digest.From < position && position <= digest.To && Delta.Told(milestone, history, digest.From, digest.To, position)
            );

        private void Apply(Entry entry, Book book)
        {
            switch (entry.Body?.Change)
            {
                case StatusChanged changed:
                    Status = changed.Status;
                    break;
                case Reopened:
                    Status = Statuses.Initial(book.Kind);
                    break;
                case Rescheduled moved:
                    Window = moved.Promise.Window;
                    break;
                case ProgressRecorded reading:
                    Progress = reading.Value;
                    break;
                case Redefined redefined:
                    Wording = redefined.Definition;
                    break;
                default:
                    break;
            }
        }
    }
}
