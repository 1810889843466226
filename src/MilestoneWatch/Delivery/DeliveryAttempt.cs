using NodaTime;

namespace MilestoneWatch.Delivery;

/// <summary>One try to hand a delivery to the relay.</summary>
internal sealed record DeliveryAttempt
{
    public int Generation { get; init; }
    public string Worker { get; init; } = "";
    public Instant StartedAt { get; init; }
    public Instant? EndedAt { get; init; }
    public string? Outcome { get; init; }
    public int? Code { get; init; }
    public string? Reply { get; init; }

    public string InWords() =>
        Outcome switch
        {
            "Accepted" => "the relay took it",
            "Temporary" => "not taken, perhaps later",
            "Permanent" => "refused for good",
            "RelayTrouble" => "the relay took no mail at all",
            "Ambiguous" => "no answer: taken or not, nobody knows",
            null => "no end on record: under way, or its worker died",
            var other => other,
        };
}
