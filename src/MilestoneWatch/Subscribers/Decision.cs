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

    /// <summary>"digest" or "welcome"; null where nothing was written.</summary>
    public string? Purpose { get; init; }
    public string? SubjectLine { get; init; }

    /// <summary>What it told, a line each milestone.</summary>
    public string[]? Held { get; init; }
    public string? DeliveryState { get; init; }
    public string? LastReply { get; init; }

    public string InWords() =>
        Outcome switch
        {
            "sent" when Purpose == "welcome" => "welcome",
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
