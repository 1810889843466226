using MilestoneWatch.Faults;
using NodaTime;

namespace MilestoneWatch.Tests.Faults;

public class JudgeTests
{
    private static readonly Instant Noon = Instant.FromUtc(2026, 11, 23, 12, 0);

    [Fact]
    public void A_mail_that_came_once_is_well() => Assert.Empty(Judged(Books(Accepted(1)), "a").Broken());

    [Fact]
    public void A_mail_called_sent_that_never_came_is_lost() => Assert.Equal(1, Judged(Books(Accepted(1))).Lost);

    [Theory]
    [InlineData("ready")]
    [InlineData("sending")]
    [InlineData("unknown")]
    public void A_delivery_that_never_ends_is_lost(string state) => Assert.Equal(1, Judged(Books(state, Accepted(1)), "a").Lost);

    [Fact]
    public void An_acknowledged_delivery_that_is_gone_is_lost() => Assert.Equal(1, Judge.Of(new Books { Deliveries = [] }, [], ["m"]).Lost);

    [Fact]
    public void A_dead_delivery_is_not_lost_if_it_says_why()
    {
        var refused = new BookedDelivery
        {
            Id = 1,
            MessageId = "m",
            State = "dead",
            LastReply = "550 no such user",
        };
        Assert.Empty(Judge.Of(new Books { Deliveries = [refused] }, [], ["m"]).Broken());
        Assert.Single(Judge.Of(new Books { Deliveries = [refused with { LastReply = null }] }, [], ["m"]).Broken());
    }

    [Fact]
    public void A_duplicate_after_an_attempt_in_doubt_is_allowed()
    {
        var verdict = Judged(Books(Accepted(1) with { EndedAt = null, Outcome = null }, Accepted(2)), "a", "a");

        Assert.Equal((1, 1), (verdict.Duplicated, verdict.Ambiguous));
        Assert.Empty(verdict.Broken());
    }

    [Fact]
    public void A_duplicate_without_one_is_not() => Assert.Equal(1, Judged(Books(Accepted(1)), "a", "a").Unexplained);

    [Fact]
    public void One_attempt_in_doubt_explains_one_duplicate() =>
        Assert.Equal(1, Judged(Books(Accepted(1) with { Outcome = "Ambiguous" }, Accepted(2)), "a", "a", "a").Unexplained);

    [Fact]
    public void An_attempt_that_a_late_worker_settled_was_in_doubt() =>
        Assert.Empty(Judged(Books(Accepted(1) with { EndedAt = Noon + Duration.FromHours(1) }, Accepted(2)), "a", "a").Broken());

    [Fact]
    public void A_byte_that_differs_between_two_copies_is_found() =>
        Assert.Equal(1, Judged(Books(Accepted(1) with { Outcome = null }, Accepted(2)), "a", "b").Changed);

    [Fact]
    public void A_mail_to_somebody_else_is_found() =>
        Assert.Equal(1, Judge.Of(Books(Accepted(1)), [new LoggedMail("eve@example.org", "m", "a")], ["m"]).Misled);

    [Fact]
    public void A_mail_that_nobody_wrote_is_found() =>
        Assert.Equal(1, Judge.Of(new Books { Deliveries = [] }, [new LoggedMail("ada@example.org", "m", "a")], []).Strangers);

    [Fact]
    public void Two_digests_of_one_number_or_slot_are_found()
    {
        BookedDelivery Digest(long id, int number, int hour) =>
            new()
            {
                Id = id,
                SubscriberId = 7,
                MessageId = $"m{id}",
                Key = $"digest:{number}",
                DueSlot = Noon + Duration.FromHours(hour),
                State = "cancelled",
            };
        int Doubled(params BookedDelivery[] digests) => Judge.Of(new Books { Deliveries = digests }, [], []).Doubled;

        Assert.Equal(0, Doubled(Digest(1, 1, 0), Digest(2, 2, 1)));
        Assert.Equal(1, Doubled(Digest(1, 1, 0), Digest(2, 1, 1)));
        Assert.Equal(1, Doubled(Digest(1, 1, 0), Digest(2, 2, 0)));
    }

    [Fact]
    public void News_that_two_digests_cover_is_found()
    {
        BookedDecision Decision(int from, int to) =>
            new()
            {
                SubscriberId = 7,
                FromPosition = from,
                ToPosition = to,
            };
        int Twice(params BookedDecision[] decisions) => Judge.Of(new Books { Deliveries = [], Decisions = decisions }, [], []).ToldTwice;

        Assert.Equal(0, Twice(Decision(1, 3), Decision(3, 3), Decision(3, 5)));
        Assert.Equal(1, Twice(Decision(1, 3), Decision(2, 5)));
        Assert.Equal(1, Twice(Decision(1, 3), Decision(1, 3)));
    }

    private static BookedAttempt Accepted(int generation) =>
        new()
        {
            DeliveryId = 1,
            Generation = generation,
            StartedAt = Noon + Duration.FromMinutes(generation),
            EndedAt = Noon + Duration.FromMinutes(generation) + Duration.FromSeconds(1),
            Outcome = "Accepted",
        };

    private static Books Books(params BookedAttempt[] attempts) => Books("sent", attempts);

    private static Books Books(string state, params BookedAttempt[] attempts) =>
        new()
        {
            Deliveries =
            [
                new BookedDelivery
                {
                    Id = 1,
                    Address = "ada@example.org",
                    MessageId = "m",
                    State = state,
                },
            ],
            Attempts = attempts,
        };

    private static Verdict Judged(Books books, params string[] copies) =>
        Judge.Of(books, copies.Select(hash => new LoggedMail("ada@example.org", "m", hash)), ["m"]);
}
