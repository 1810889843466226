namespace MilestoneWatch.Domain.Subscribers;

/// <summary>How often a reader gets a digest.</summary>
public enum Cadence
{
    Immediate,
    Daily,
    Weekly,
    Monthly,
}
