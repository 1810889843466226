using NodaTime;

namespace MilestoneWatch.Web.Desk;

/// <summary>What the desk shows of one reader.</summary>
public sealed record ReaderView
{
    public required long Id { get; init; }
    public required string Email { get; init; }
    public required string State { get; init; }

    /// <summary>"a digest every Monday at 08:00 (Paris) about everything".</summary>
    public required string Gets { get; init; }
    public Instant? NextDueAt { get; init; }
    public required Instant CreatedAt { get; init; }

    /// <summary>Why no mail is sent to them; null where it is.</summary>
    public string? Suppressed { get; init; }

    /// <summary>Earlier and present suppressions, oldest first: when, why, and how it ended.</summary>
    public IReadOnlyList<(Instant At, string Why, string? Lifted)> Suppressions { get; init; } = [];

    /// <summary>Every due digest, newest first: when, what came of it, its subject, what it told, how it was delivered.</summary>
    public IReadOnlyList<(Instant Due, string What, string? Subject, IReadOnlyList<string> Told, string Delivery)> Digests { get; init; } =
    [];

    /// <summary>The newest mails of any sort to their address: number, when, what sort, subject, where it stands, what the relay said.</summary>
    public IReadOnlyList<(long Id, Instant Due, string Purpose, string? Subject, string Standing, string? Reply)> Mails { get; init; } = [];
}
