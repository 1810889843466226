using MilestoneWatch.Mail;
using MimeKit;
using NodaTime;

namespace MilestoneWatch.Delivery;

/// <summary>Everything that is on record of one delivery.</summary>
internal sealed record DeliveryStory : DeliveryRow
{
    public string Recipient { get; init; } = "";
    public string? ReaderState { get; init; }
    public Instant CreatedAt { get; init; }
    public string? Worker { get; init; }
    public string EnvelopeFrom { get; init; } = "";
    public byte[] Headers { get; init; } = [];
    public byte[][] Personal { get; init; } = [];
    public byte[]? Signature { get; init; }

    /// <summary>Null where the rendering is no more.</summary>
    public byte[][]? Segments { get; init; }
    public string[] Told { get; init; } = [];
    public long? FromPosition { get; init; }
    public long? ToPosition { get; init; }
    public int? DigestNumber { get; init; }

    /// <summary>Why nothing is sent to the address, if so.</summary>
    public string? Suppressed { get; init; }
    public IReadOnlyList<DeliveryAttempt> Tries { get; init; } = [];
    public IReadOnlyList<DeliveryReport> Reports { get; init; } = [];

    /// <summary>The mail's exact bytes, as the next attempt sends them or the last one did; null where the rendering is no more.</summary>
    /// <exception cref="ArgumentException">The personal segments do not fit the audience's.</exception>
    public byte[]? Bytes() =>
        Segments is null
            ? null
            :
            [
                .. Signature ?? [],
                .. Headers,
                .. "\r\n"u8,
                .. EncodedBody.Join(Memory(Segments), Memory(Personal)).SelectMany(segment => segment.ToArray()),
            ];

    /// <summary>Null where the headers cannot be read: such a mail is looked at, too.</summary>
    public string? MessageId()
    {
        try
        {
            using var lines = new MemoryStream(Headers);
            return HeaderList.Load(lines)[HeaderId.MessageId];
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static List<ReadOnlyMemory<byte>> Memory(byte[][] segments) => [.. segments.Select(one => (ReadOnlyMemory<byte>)one)];
}
