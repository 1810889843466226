using System.Globalization;
using MilestoneWatch.Mail;
using NodaTime;

namespace MilestoneWatch.Delivery;

/// <summary>A delivery that a worker has leased; composing it is concatenation.</summary>
internal sealed record ClaimedDelivery
{
    public long Id { get; init; }
    public Instant DueSlot { get; init; }
    public int Generation { get; init; }
    public int Attempts { get; init; }
    public string Purpose { get; init; } = "";
    public string Address { get; init; } = "";

    /// <summary>Null where it goes to nobody who subscribes.</summary>
    public long? SubscriberId { get; init; }
    public long AudienceId { get; init; }

    /// <summary>It has had its place in its domain's line already.</summary>
    public bool Paced { get; init; }

    /// <summary>The return path, of this delivery alone from the first attempt on.</summary>
    public string EnvelopeFrom { get; init; } = "";
    public byte[] Headers { get; init; } = [];
    public byte[][] Personal { get; init; } = [];

    /// <summary>Fixed by the first attempt; null before it, and where nothing is signed.</summary>
    public byte[]? Signature { get; init; }
    public Instant CreatedAt { get; init; }

    /// <summary>With the id, its place in the order in which deliveries are due.</summary>
    public Instant NextAttemptAt { get; init; }

    /// <summary>It came too late and is not to be sent.</summary>
    public bool Expired { get; init; }

    /// <summary>The address as suppressions know it; empty for one that cannot be read.</summary>
    public string AddressKey => Recipient?.Key ?? "";

    /// <summary>Null for an address that cannot be read.</summary>
    public Mailbox? Recipient => _recipient ??= Mailbox.TryRead(Address, out var read) ? read : null;

    private Mailbox? _recipient;

    /// <param name="shared">Its audience's segments.</param>
    /// <exception cref="ArgumentException">The personal segments do not fit the audience's.</exception>
    public ComposedMail Compose(ReadOnlyMemory<byte>[] shared) =>
        new(
            EnvelopeFrom,
            Address,
            PickupName,
            Signature is null ? Headers : [.. Signature, .. Headers],
            EncodedBody.Join(shared, Array.ConvertAll(Personal, one => (ReadOnlyMemory<byte>)one))
        );

    private string PickupName() =>
        string.Create(CultureInfo.InvariantCulture, $"{CreatedAt.InUtc():uuuu-MM-dd'T'HHmm}Z-{Purpose}-{Address}-{Id}");
}
