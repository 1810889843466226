using MilestoneWatch.Domain.Checks;
using MilestoneWatch.Domain.Ledger;
using MilestoneWatch.Domain.Milestones;
using MilestoneWatch.Domain.Tests.Ledger;
using NodaTime;

namespace MilestoneWatch.Domain.Tests.Checks;

public sealed class OccasionsTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 5, 28, 8, 0);
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];

    private static IReadOnlyList<string> Said(string phrase, Instant recordedAt) =>
        [.. Of(new Book(phrase: phrase), recordedAt).Select(o => $"{o.Said.Kind}{o.Said.Days} {o.At} {o.Key}")];

    // without its silence, which has tests of its own
    private static IReadOnlyList<Occasion> Of(Book book, Instant recordedAt) =>
        Occasions.Of(book.State, book.Definition with { QuietDays = 0 }, Paris, recordedAt, recordedAt);

    [Fact]
    public void Each_is_true_from_a_midnight_in_the_milestones_zone() =>
        Assert.Equal(
            [
                "WindowOpened 2026-06-30T22:00:00Z 1",
                "DueSoon30 2026-08-30T22:00:00Z 1:30",
                "DueSoon7 2026-09-22T22:00:00Z 1:7",
                "DueSoon1 2026-09-28T22:00:00Z 1:1",
                "WindowClosed 2026-09-30T22:00:00Z 1",
            ],
            Said("Q3 2026", Start)
        );

    [Fact]
    public void An_ambiguous_window_may_be_due_when_its_earlier_reading_has_passed() =>
        Assert.Contains("MayBeDue 2026-12-31T23:00:00Z 1", Said("by 2027", Start));

    [Theory]
    [InlineData("TBD")]
    [InlineData("after 2020")]
    public void An_open_or_unknown_bound_says_nothing(string phrase) => Assert.Empty(Said(phrase, Start));

    [Fact]
    public void What_lay_before_the_promise_was_recorded_is_no_news_but_a_closed_window_is() =>
        Assert.Equal(["WindowClosed 2026-09-30T22:00:00Z 1"], Said("Q3 2026", Instant.FromUtc(2026, 11, 1, 0, 0)));

    [Fact]
    public void What_is_settled_says_nothing()
    {
        var book = new Book();
        book.Write(new StatusChanged(Status.Cancelled));

        Assert.Empty(Occasions.Of(book.State, book.Definition, Paris, Start, Start));
        Assert.Null(Occasions.NextCheck([], Start));
    }

    [Fact]
    public void A_check_looks_next_at_the_first_occasion_and_then_at_the_one_after()
    {
        var occasions = Of(new Book(), Start);
        var first = Occasions.NextCheck(occasions, Start)!.Value;

        Assert.Equal(Instant.FromUtc(2026, 6, 30, 22, 0), first);
        Assert.Equal(Instant.FromUtc(2026, 8, 30, 22, 0), Occasions.NextCheckAfter(occasions, first));
    }

    [Fact]
    public void Ninety_days_without_anything_of_substance_are_told_as_silence() =>
        Assert.Equal(
            "GoneQuiet90 2026-08-25T22:00:00Z 1:90",
            Occasions
                .Of(new Book(phrase: null).State, new Definition { Title = "It opens" }, Paris, Start, Start)
                .Select(o => $"{o.Said.Kind}{o.Said.Days} {o.At} {o.Key}")
                .Single()
        );

    [Fact]
    public void A_look_is_no_substance_and_a_new_fact_begins_the_silence_again()
    {
        var book = new Book(phrase: null);
        book.Write(new Looked());
        Assert.Equal(1, book.State.SubstancePosition);

        var move = book.Move("Q4 2026");

        var quiet = Occasions
            .Of(book.State, book.Definition, Paris, Start, Start + Duration.FromDays(2))
            .Single(o => o.Said.Said == EntryKind.GoneQuiet);
        Assert.Equal($"{move}:90", quiet.Key);
        Assert.Equal(Instant.FromUtc(2026, 8, 27, 22, 0), quiet.At);
    }

    [Fact]
    public void Thresholds_are_the_milestones_own()
    {
        var book = new Book(
            definition: new Definition
            {
                Title = "It opens",
                ReminderDays = [60, 2],
                QuietDays = 14,
            }
        );

        Assert.Equal(
            ["GoneQuiet14", "WindowOpened", "DueSoon60", "DueSoon2", "WindowClosed"],
            Occasions.Of(book.State, book.Definition, Paris, Start, Start).Select(o => $"{o.Said.Said}{o.Said.Days}")
        );
        Assert.DoesNotContain(
            Occasions.Of(book.State, book.Definition with { ReminderDays = [], QuietDays = 0 }, Paris, Start, Start),
            o => o.Said.Said is EntryKind.DueSoon or EntryKind.GoneQuiet
        );
    }

    [Fact]
    public void Attention_is_due_from_the_midnight_after_the_latest_day()
    {
        var state = new Book().State;
        var midnight = Instant.FromUtc(2026, 9, 30, 22, 0);

        Assert.False(Occasions.NeedsAttention(state, Paris, midnight - Duration.Epsilon));
        Assert.True(Occasions.NeedsAttention(state, Paris, midnight));
    }
}
