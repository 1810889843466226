namespace MilestoneWatch.Bounces;

/// <summary>What was read in one message.</summary>
/// <param name="Kind">What it says of the address.</param>
/// <param name="Recipient">The bare address it is about, its domain in lower case.</param>
/// <param name="Status">The enhanced status code (RFC 3463), such as 5.1.1.</param>
/// <param name="Diagnostic">The other side's own words, on one line.</param>
internal sealed record BounceReading(BounceKind Kind, string? Recipient = null, string? Status = null, string? Diagnostic = null)
{
    public static readonly BounceReading None = new(BounceKind.None);

    /// <summary>"hard", "soft", "complaint" or "none", as it is stored and printed.</summary>
    public string Word =>
        Kind switch
        {
            BounceKind.None => "none",
            BounceKind.Soft => "soft",
            BounceKind.Hard => "hard",
            BounceKind.Complaint => "complaint",
            _ => throw new InvalidOperationException($"a kind of {Kind}"),
        };
}
