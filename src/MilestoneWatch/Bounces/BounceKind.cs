namespace MilestoneWatch.Bounces;

/// <summary>What a report says of an address.</summary>
internal enum BounceKind
{
    /// <summary>Nothing: no report, or one of a delay or a success.</summary>
    None,

    /// <summary>It could not be reached this time, or for a reason that is not the address.</summary>
    Soft,

    /// <summary>The address itself is bad.</summary>
    Hard,

    /// <summary>Its reader called a mail unwanted.</summary>
    Complaint,
}
