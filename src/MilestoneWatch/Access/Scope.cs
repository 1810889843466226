namespace MilestoneWatch.Access;

/// <summary>What an API token allows; reading what is public needs none.</summary>
public enum Scope
{
    /// <summary>To record as the analyst whose token it is.</summary>
    Record,

    /// <summary>To read who follows what, and what they were sent; an admin's tokens only.</summary>
    Readers,
}
