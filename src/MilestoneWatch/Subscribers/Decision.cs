using NodaTime;

namespace MilestoneWatch.Subscribers;

/// <summary>What came of one due digest.</summary>
internal sealed record Decision
{
    public Instant DueSlot { get; init; }
    public string Outcome { get; init; } = "";
    public long FromPosition { get; init; }
    public long ToPosition { get; init; }
    public int? DigestNumber { get; init; }
    public string? SubjectLine { get; init; }
    public string? DeliveryState { get; init; }
    public string? LastReply { get; init; }

    public string InWords() =>
        Outcome switch
        {
            "sent" => $"digest {DigestNumber}",
            "nothing_new" => "nothing had changed",
            "paused" => "paused",
            "suppressed" => "the address refuses mail",
            _ => throw new InvalidOperationException($"an outcome of {Outcome}"),
        };

    public string DeliveryInWords() =>
        DeliveryState is null ? "—"
        : LastReply is { Length: > 0 } reply ? $"{DeliveryState}: {reply}"
        : DeliveryState;
}
