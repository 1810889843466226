using NodaTime;

namespace MilestoneWatch.Bounces;

/// <summary>An address that no mail is sent to, and why; lifted, it is the story of one.</summary>
internal sealed record Suppression
{
    public const string Hard = "hard";
    public const string Soft = "soft";
    public const string Complaint = "complaint";
    public const string Manual = "manual";

    public long Id { get; init; }
    public string Address { get; init; } = "";
    public string Reason { get; init; } = "";
    public string Evidence { get; init; } = "";
    public Instant SuppressedAt { get; init; }
    public Instant? LiftedAt { get; init; }
    public string? LiftedBecause { get; init; }

    /// <summary>"the address is bad: 550 5.1.1 …", for people.</summary>
    public string InWords() =>
        Reason switch
        {
            Hard => $"the address is bad: {Evidence}",
            Soft => $"mail keeps coming back: {Evidence}",
            Complaint => $"its reader called a mail unwanted: {Evidence}",
            Manual => $"by hand: {Evidence}",
            _ => throw new InvalidOperationException($"a reason of {Reason}"),
        };
}
