namespace MilestoneWatch.Faults;

/// <summary>Compares what the database says with what the sink took, and with what was acknowledged as committed.</summary>
internal static class Judge
{
    private static readonly HashSet<string> Ended = new(StringComparer.Ordinal) { "sent", "dead", "expired", "cancelled" };

    /// <param name="books">The database's side.</param>
    /// <param name="taken">The sink's side, in order.</param>
    /// <param name="acknowledged">Message-IDs of deliveries whose commit was acknowledged.</param>
    public static Verdict Of(Books books, IEnumerable<LoggedMail> taken, IEnumerable<string> acknowledged)
    {
        var mails = taken.ToLookup(mail => mail.MessageId, StringComparer.Ordinal);
        var attempts = books.Attempts.ToLookup(attempt => attempt.DeliveryId);
        var known = books.Deliveries.Select(delivery => delivery.MessageId).ToHashSet(StringComparer.Ordinal);
        var verdict = new Verdict
        {
            Mails = books.Deliveries.Count,
            Taken = mails.Sum(copies => copies.Count()),
            Vanished = acknowledged.Count(id => !known.Contains(id)),
            Strangers = mails.Count(copies => !known.Contains(copies.Key)),
            Dead = books.Deliveries.Count(delivery => delivery.State != "sent" && Ended.Contains(delivery.State)),
            Doubled = Doubled(books),
            ToldTwice = ToldTwice(books),
        };
        foreach (var delivery in books.Deliveries)
        {
            var copies = mails[delivery.MessageId].ToList();
            var doubts = Doubts([.. attempts[delivery.Id].OrderBy(attempt => attempt.Generation)]);
            var extra = Math.Max(0, copies.Count - 1);
            verdict = verdict with
            {
                Ambiguous = verdict.Ambiguous + doubts,
                Unsent = verdict.Unsent + (delivery.State == "sent" && copies.Count == 0 ? 1 : 0),
                Unended = verdict.Unended + (Ended.Contains(delivery.State) ? 0 : 1),
                Reasonless = verdict.Reasonless + (delivery.State == "dead" && delivery.LastReply is not { Length: > 0 } ? 1 : 0),
                Duplicated = verdict.Duplicated + extra,
                Unexplained = verdict.Unexplained + Math.Max(0, extra - doubts),
                Changed = verdict.Changed + (copies.DistinctBy(copy => copy.Hash).Skip(1).Any() ? 1 : 0),
                Misled = verdict.Misled + (copies.Exists(copy => !Knows(copy, delivery)) ? 1 : 0),
            };
        }
        return verdict;
    }

    /// <summary>
    /// Attempts of which it was not known, when the next began or in the end, whether the relay had taken the mail. One that a late
    /// worker settled after the next attempt had begun was in doubt too.
    /// </summary>
    private static int Doubts(List<BookedAttempt> attempts)
    {
        var doubts = 0;
        for (var i = 0; i < attempts.Count; i++)
        {
            var next = i + 1 < attempts.Count ? attempts[i + 1] : null;
            var open =
                attempts[i].EndedAt is not { } ended
                || attempts[i].Outcome is not { } outcome
                || outcome.Equals("ambiguous", StringComparison.OrdinalIgnoreCase)
                || outcome.Equals("unknown", StringComparison.OrdinalIgnoreCase)
                || ended > next?.StartedAt;
            doubts += open ? 1 : 0;
        }
        return doubts;
    }

    // Two mails of one number or of one slot to a reader.
    private static int Doubled(Books books)
    {
        var digests = books.Deliveries.Where(delivery => delivery is { Purpose: "digest", SubscriberId: not null }).ToList();
        return digests.CountBy(digest => (digest.SubscriberId, digest.Key)).Count(group => group.Value > 1)
            + digests.CountBy(digest => (digest.SubscriberId, digest.DueSlot)).Count(group => group.Value > 1);
    }

    // A position that two digests to one reader cover; a pause keeps its news for later.
    private static int ToldTwice(Books books) =>
        books
            .Decisions.Where(decision => decision.Outcome != "paused" && decision.ToPosition > decision.FromPosition)
            .GroupBy(decision => decision.SubscriberId)
            .Sum(decisions =>
                decisions
                    .OrderBy(decision => decision.FromPosition)
                    .ThenBy(decision => decision.ToPosition)
                    .Pairwise()
                    .Count(pair => pair.Second.FromPosition < pair.First.ToPosition)
            );

    private static IEnumerable<(T First, T Second)> Pairwise<T>(this IEnumerable<T> items)
    {
        var list = items.ToList();
        return list.Zip(list.Skip(1));
    }

    // The right mail to the wrong reader would be worse than none.
    private static bool Knows(LoggedMail copy, BookedDelivery delivery) =>
        delivery.Address.Length == 0 || copy.Recipient.Equals(delivery.Address, StringComparison.Ordinal);
}
