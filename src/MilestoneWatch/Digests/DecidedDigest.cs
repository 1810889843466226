using MilestoneWatch.Delivery;
using MilestoneWatch.Subscribers;
using NodaTime;

namespace MilestoneWatch.Digests;

/// <summary>What came of one reader's due digest, and where they stand after it: written all together or not at all.</summary>
internal sealed record DecidedDigest
{
    private DecidedDigest() { }

    public required Advanced Advanced { get; init; }

    /// <summary>When it was due: what makes it one digest.</summary>
    public required Instant Slot { get; init; }
    public required Instant DecidedAt { get; init; }

    /// <summary>"sent", "nothing_new", "paused" or "suppressed".</summary>
    public required string Outcome { get; init; }

    /// <summary>Null where no digest went out, and for the welcome.</summary>
    public int? Number { get; init; }
    public long? AudienceId { get; init; }
    public NewDelivery? Delivery { get; init; }

    /// <summary>They are told later what happens meanwhile.</summary>
    public static DecidedDigest Paused(Subscriber reader, Instant now) =>
        Later(reader, "paused", reader.Schedule.NextAfter(now) ?? reader.PausedUntil, now);

    /// <summary>Their address refuses mail: should it be lifted, they are told what happens meanwhile.</summary>
    public static DecidedDigest Suppressed(Subscriber reader, Instant now) =>
        Later(reader, "suppressed", reader.Schedule.NextAfter(now), now);

    public static DecidedDigest NothingNew(Subscriber reader, long position, Instant now) =>
        new()
        {
            Advanced = new Advanced(
                reader,
                position,
                reader.DigestNumber,
                reader.LastDigestAt,
                NextDue(reader, reader.LastDigestAt, now),
                false
            ),
            Slot = SlotOf(reader, now),
            DecidedAt = now,
            Outcome = "nothing_new",
        };

    /// <summary>Without its delivery yet.</summary>
    public static DecidedDigest Sent(Subscriber reader, long audienceId, long position, Instant now)
    {
        var slot = SlotOf(reader, now);
        var number = reader.WelcomeDue ? reader.DigestNumber : reader.DigestNumber + 1;
        var at = Instant.Max(now, slot);
        return new DecidedDigest
        {
            Advanced = new Advanced(reader, position, number, at, NextDue(reader, at, now), Paused: false),
            Slot = slot,
            DecidedAt = now,
            Outcome = "sent",
            Number = reader.WelcomeDue ? null : number,
            AudienceId = audienceId,
        };
    }

    // A reader is due at their slot; an alert has none but the moment, and two in one moment are two.
    // their position stays
    private static DecidedDigest Later(Subscriber reader, string outcome, Instant? next, Instant now) =>
        new()
        {
            Advanced = new Advanced(reader, reader.Position, reader.DigestNumber, reader.LastDigestAt, next, Paused: outcome == "paused"),
            Slot = SlotOf(reader, now),
            DecidedAt = now,
            Outcome = outcome,
        };

    private static Instant SlotOf(Subscriber reader, Instant now) =>
        reader.NextDueAt is { } due && due <= now
            ? due
            : Instant.Max(now, (reader.LastDigestAt ?? Instant.MinValue) + Duration.FromTicks(10));

    private static Instant? NextDue(Subscriber reader, Instant? lastMail, Instant now) =>
        reader.Schedule.NextAfter(now)
        ?? (
            reader.NothingChanged
            && reader.Schedule.SignOfLifeAfter(lastMail ?? reader.ConfirmedAt ?? reader.CreatedAt) is var due
            && due > now
                ? due
                : null
        );
}
