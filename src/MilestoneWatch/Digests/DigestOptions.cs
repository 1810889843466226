namespace MilestoneWatch.Digests;

/// <summary>Section <c>Digests</c>.</summary>
internal sealed class DigestOptions
{
    /// <summary>An alert waits until nothing that its reader follows has changed for so many seconds.</summary>
    public double QuietSeconds { get; set; } = 600;

    /// <summary>But never longer than so many seconds after the first change.</summary>
    public double PatienceSeconds { get; set; } = 3600;
}
