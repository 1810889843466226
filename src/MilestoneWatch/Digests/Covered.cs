using NodaTime;

namespace MilestoneWatch.Digests;

/// <summary>A reader's due digest that covered an entry which has since been retracted.</summary>
internal sealed record Covered
{
    public long Reader { get; init; }

    /// <summary>The entry that was retracted.</summary>
    public long Position { get; init; }
    public Instant DecidedAt { get; init; }
    public long From { get; init; }
    public long To { get; init; }

    /// <summary>Whether a mail went out; one that never left told nobody.</summary>
    public bool Sent { get; init; }

    /// <summary>Whether that mail was the welcome, which tells how all stands.</summary>
    public bool Welcome { get; init; }
}
