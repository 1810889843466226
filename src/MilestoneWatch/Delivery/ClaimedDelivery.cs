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
    public string EnvelopeFrom { get; init; } = "";
    public byte[] Headers { get; init; } = [];
    public byte[][] Personal { get; init; } = [];
    public Instant CreatedAt { get; init; }
    public byte[][] Segments { get; init; } = [];

    public ComposedMail Compose() =>
        new(EnvelopeFrom, Address, PickupName(), Headers, EncodedBody.Join(Memory(Segments), Memory(Personal)));

    private static List<ReadOnlyMemory<byte>> Memory(byte[][] segments) => [.. segments.Select(segment => (ReadOnlyMemory<byte>)segment)];

    private string PickupName() =>
        string.Create(CultureInfo.InvariantCulture, $"{CreatedAt.InUtc():uuuu-MM-dd'T'HHmm}Z-{Purpose}-{Address}-{Id}");
}
